/**
 * Texts that staff have not sent yet (SPEC T13). A draft is its author's alone: every question here names him, and its text
 * goes into no feed, history, audit or log.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '../../domain/errors.ts';

export const draftKinds = ['reply', 'note'] as const;
export type DraftKind = (typeof draftKinds)[number];

/** Whose draft, of which ticket, for whom. */
export interface DraftPlace {
  readonly userId: string;
  readonly number: number;
  readonly kind: DraftKind;
}

export interface DraftText {
  readonly body: string;
  readonly nextStepBy: 'customer' | 'staff';
  /** Ids of files uploaded for it. */
  readonly files: readonly string[];
}

export interface StoredDraft extends DraftText {
  /** Never used twice, not even by another draft; `0` where there is none. */
  readonly revision: string;
  readonly updatedAt: Date | null;
}

export const noDraft: StoredDraft = { body: '', nextStepBy: 'customer', files: [], revision: '0', updatedAt: null };

export async function findDraft(em: EntityManager, { userId, number, kind }: DraftPlace): Promise<StoredDraft | Refusal> {
  const [row] = await em.execute<DraftRow[]>(
    `select d.body, d.next_step_by, d.files, d.revision::text, d.updated_at
      from ticket t left join ticket_draft d on d.ticket_number = t.number and d.user_id = ? and d.kind = ? where t.number = ?`,
    [userId, kind, number],
  );
  if (!row) return refuse('ticket.not_found');
  return row.revision === null ? noDraft : draftOf(row);
}

/**
 * Keeps a text, if the draft is still as the writer saw it.
 * @param basedOn the revision he saw
 * @returns the draft as it is now: his, or, when another window of his was quicker, what that one wrote, with `stale`
 */
export async function keepDraft(
  em: EntityManager,
  at: Date,
  place: DraftPlace,
  basedOn: string,
  { body, nextStepBy, files }: DraftText,
): Promise<{ stale: boolean; draft: StoredDraft } | Refusal> {
  const { userId, number, kind } = place;
  const listed = `{${files.join(',')}}`;
  const [kept] = await em.execute<DraftRow[]>(
    basedOn === '0'
      ? `insert into ticket_draft (body, next_step_by, files, updated_at, user_id, ticket_number, kind)
          select ?, ?, ?::text[], ?, ?, number, ? from ticket where number = ?
          on conflict do nothing returning ${columns}`
      : `update ticket_draft set body = ?, next_step_by = ?, files = ?::text[], updated_at = ?, revision = default
          where user_id = ? and kind = ? and ticket_number = ? and revision = ?::bigint returning ${columns}`,
    [body, nextStepBy, listed, at, userId, kind, number, ...(basedOn === '0' ? [] : [basedOn])],
  );
  if (kept) return { stale: false, draft: draftOf(kept) };
  const stored = await findDraft(em, place);
  return 'refused' in stored ? stored : { stale: true, draft: stored };
}

/** Throws a draft away; there need be none. */
export async function discardDraft(em: EntityManager, { userId, number, kind }: DraftPlace): Promise<void> {
  await em.execute('delete from ticket_draft where user_id = ? and ticket_number = ? and kind = ?', [userId, number, kind]);
}

const columns = 'body, next_step_by, files, revision::text, updated_at';

interface DraftRow {
  body: string;
  next_step_by: 'customer' | 'staff';
  files: string[];
  revision: string | null;
  updated_at: string;
}

function draftOf({ body, next_step_by, files, revision, updated_at }: DraftRow): StoredDraft {
  return { body, nextStepBy: next_step_by, files, revision: revision!, updatedAt: new Date(updated_at) };
}
