/**
 * Attachments (SPEC T11): an upload begins with a row and a promise to purge it, becomes a draft of whoever uploaded it, and
 * belongs to a message once one uses it. The bytes go to storage between the transactions; whatever is interrupted leaves
 * a row that names them, and the promise takes both away.
 */
import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { maxFileBytes, maxUnusedBytes, maxUnusedFiles, unusedFileSeconds } from '../../domain/file.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import type { Actor } from '../../domain/actor.ts';
import { FileRow } from '../entities/file.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { beginTimed, endTimed, planTimedStep, type TimedRule } from './timed-entities.ts';

/** A file as answers tell of it. */
export interface FileView {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly state: 'draft' | 'attached';
  readonly storageKey: string;
}

/** What an upload turned out to be. */
export interface UploadedContent {
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly isHar: boolean;
}

/**
 * Begins an upload: from now on its storage key is known, and what becomes of it is promised. Each person's unused uploads
 * are bounded, in number and bytes; those on their way count with the most that they may become.
 * @param announcedBytes what the caller says it will be, if he does
 */
export async function beginUpload(
  wish: Wish,
  { name, announcedBytes }: { readonly name: string; readonly announcedBytes: number | undefined },
): Promise<{ id: string; storageKey: string } | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const sizeBytes = Math.min(announcedBytes ?? maxFileBytes, maxFileBytes);
  // His row is locked, so that many uploads at once are counted one after the other.
  await em.execute('select 1 from app_user where id = ? for no key update', [actor.userId]);
  const [unused] = await em.execute<{ files: string; bytes: string }[]>(
    'select count(*) as files, coalesce(sum(size_bytes), 0) as bytes from file where uploaded_by_id = ? and message_id is null',
    [actor.userId],
  );
  if (Number(unused?.files) >= maxUnusedFiles || Number(unused?.bytes) + sizeBytes > maxUnusedBytes) return refuse('file.too_many_unused');
  const id = newId('file', at);
  const storageKey = randomBytes(20).toString('hex');
  const accountId = accountOf(actor);
  await em.insert(FileRow, {
    id,
    accountId,
    uploadedById: actor.userId,
    name,
    mediaType: 'application/octet-stream',
    sizeBytes,
    sha256: null,
    isHar: false,
    storageKey,
    state: 'uploading',
    messageId: null,
    position: null,
    createdAt: at,
  });
  await planTimedStep(em, at, {
    entity: timedEntity('file', id),
    accountId,
    kind: 'purge',
    dueAt: new Date(at.getTime() + unusedFileSeconds * 1000),
    rule: `unusedFile ${unusedFileSeconds} s`,
  });
  await beginTimed(em, at, 'file', id, 'attachment');
  return { id, storageKey };
}

/** The bytes are in storage: the upload is a draft that a message may use. */
export async function finishUpload(em: EntityManager, id: string, content: UploadedContent): Promise<FileView> {
  const { mediaType, sizeBytes, sha256, isHar } = content;
  await em.execute(`update file set state = 'draft', media_type = ?, size_bytes = ?, sha256 = ?, is_har = ? where id = ?`, [
    mediaType,
    sizeBytes,
    sha256,
    isHar,
    id,
  ]);
  const [row] = await em.execute<FileView[]>(`select ${viewColumns} from file f where f.id = ?`, [id]);
  return row!;
}

/** Forgets an upload that came to nothing. Its bytes must be gone from storage: nobody knows their key afterwards. */
export async function forgetUpload(em: EntityManager, at: Date, id: string): Promise<void> {
  await em.execute(`delete from file where id = ? and state <> 'attached'`, [id]);
  await endTimed(em, at, 'file', id);
}

const viewColumns = `f.id, f.name, f.media_type as "mediaType", f.size_bytes as "sizeBytes", f.sha256, f.state, f.storage_key as "storageKey"`;

/**
 * One file, for whoever may read it: what he uploaded himself; a customer besides what a public message of his account's
 * tickets holds, staff what any message holds. To anybody else it does not exist.
 */
export async function findFile(em: EntityManager, id: string, reader: Actor): Promise<FileView | undefined> {
  const attached =
    reader.kind === 'staff'
      ? 'f.message_id is not null'
      : `exists (select 1 from message m join ticket t on t.number = m.ticket_number
          where m.id = f.message_id and m.visibility = 'public' and t.account_id = ?)`;
  const [row] = await em.execute<FileView[]>(
    `select ${viewColumns} from file f where f.id = ? and (${attached}
      or (f.state = 'draft' and f.uploaded_by_id = ? and f.account_id is not distinct from ?))`,
    [id, ...(reader.kind === 'staff' ? [] : [reader.accountId]), reader.userId, accountOf(reader)],
  );
  return row;
}

/**
 * Gives drafts of the actor's own to a message that this transaction is about to write, each to one message only. To be
 * asked before anything is written, as it may refuse; costs no round trip when there are none. Files come after the ticket
 * in the order of locks, and among themselves by id.
 * @param hars those among them that must be cleaned HAR archives
 */
export async function attachFiles(
  wish: Pick<Wish, 'em' | 'actor' | 'clock'>,
  messageId: string,
  wanted: readonly string[],
  hars: readonly string[] = [],
): Promise<Refusal | undefined> {
  if (wanted.length === 0) return undefined;
  const { em, actor } = wish;
  const at = wish.clock.now();
  const ids = `{${wanted.join(',')}}`;
  const rows = await em.execute<{ id: string; state: string; is_har: boolean; created_at: string }[]>(
    `select id, state, is_har, created_at from file
      where id = any(?::text[]) and uploaded_by_id = ? and account_id is not distinct from ? and state <> 'uploading'
      order by id for update`,
    [ids, actor.userId, accountOf(actor)],
  );
  const oldest = at.getTime() - unusedFileSeconds * 1000;
  const usable = rows.filter(({ state, created_at }) => state === 'attached' || new Date(created_at).getTime() > oldest);
  if (usable.length < new Set(wanted).size) return refuse('file.unknown');
  if (usable.some(({ state }) => state === 'attached')) return refuse('file.already_used');
  if (usable.some(({ id, is_har }) => hars.includes(id) && !is_har)) return refuse('file.not_a_har');
  await em.execute(
    `with wanted as (select w.id, w.place, ? || w.id as entity from unnest(?::text[]) with ordinality as w (id, place)),
      used as (update file set state = 'attached', message_id = ?, position = wanted.place from wanted where file.id = wanted.id),
      gone as (delete from obligation using wanted where obligation.entity = wanted.entity)
      insert into outbox (entity, message, created_at)
        select entity, jsonb_build_object('kind', 'timed.happening', 'entity', entity, 'happening', 'settled'), ?::timestamptz from wanted`,
    [timedEntity('file', ''), ids, messageId, at],
  );
  return undefined;
}

/** A message's files as the conversation tells of them, in the order in which they were given. */
export interface AttachmentView {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

/** A column of a query of messages `m`: each message's files. */
export const attachmentsColumn = `(select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'mediaType', f.media_type, 'sizeBytes', f.size_bytes) order by f.position)
  from file f where f.message_id = m.id) as attachments`;

/**
 * An upload that no message uses is purged. Its bytes go first and its row afterwards: after a crash between the two the
 * row is still there, and is purged again. Its row is locked meanwhile, so that no message takes it.
 */
export const fileRule: TimedRule = {
  describe: async (em, id) => {
    const [row] = await em.execute<{ state: string }[]>('select state from file where id = ?', [id]);
    // An upload that failed has left nothing, and its workflow may hear of it before or after.
    if (!row) return { state: 'purged', story: 'The file is gone.', over: true };
    if (row.state === 'attached') return { state: 'attached', story: 'A message uses the file.', over: true };
    return { state: row.state, story: 'No message uses the file yet; it is purged a day after its upload.', over: false };
  },
  take: async (em, id, _at, { removeFile }) => {
    const [row] = await em.execute<{ state: string; storage_key: string }[]>(
      'select state, storage_key from file where id = ? for update',
      [id],
    );
    if (!row || row.state === 'attached') return;
    await removeFile(row.storage_key);
    await em.execute('delete from file where id = ?', [id]);
  },
};

function accountOf(actor: Actor): string | null {
  return actor.kind === 'customer' ? actor.accountId : null;
}
