/**
 * The floor every figure is compared with: the rows of each command, written by one bare transaction through the same
 * driver, one statement a table. No rules, no locks beyond the update's own, no answer read back. It uses the pool and
 * connection options of `db/mikro-orm.config.ts` and is never changed in a commit that improves a ratio.
 *
 * A table is written when the product's command changes rows of it. A statement of the product that changes none (a
 * participant who takes part already) is not here: it is the product's own cost.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Pool, type PoolClient } from 'pg';

/** Who acts, and on whose ticket. */
export interface FloorPeople {
  readonly customerId: string;
  readonly accountId: string;
  readonly staffId: string;
  readonly queueId: string;
}

export function openFloorPool(databaseUrl: string, pool: number): Pool {
  return new Pool({ connectionString: databaseUrl, min: 0, max: pool, connectionTimeoutMillis: 3_000, application_name: 'kontor-floor' });
}

/** The one look-up of the trivial authenticated route. */
export async function floorTokenOwner(pool: Pool, token: string): Promise<string | undefined> {
  const hash = createHash('sha256').update(token).digest('hex');
  const { rows } = await pool.query<{ user_id: string }>('select user_id from api_token where token_hash = $1 and expires_at > $2', [
    hash,
    new Date(),
  ]);
  return rows[0]?.user_id;
}

/** Opening: ticket, message, participant, history, audit, notification, delivery, two outbox rows, the kept answer. */
export async function floorOpen(pool: Pool, people: FloorPeople, body: string): Promise<number> {
  return inTransaction(pool, async (client) => {
    const at = new Date();
    await keepAnswer(client, people.customerId, at);
    const { rows } = await client.query<{ number: number }>(
      `insert into ticket (account_id, queue_id, opened_by_id, channel, subject, priority, status, waiting_since, reply_count, last_message_at, last_message_by, revision, created_at, updated_at)
        values ($1, $2, $3, 'api', 'Panel does not start', 'medium', 'awaiting_staff', $4, 0, $4, 'customer', 1, $4, $4) returning number`,
      [people.accountId, people.queueId, people.customerId, at],
    );
    const { number } = rows[0]!;
    const messageId = await writeMessage(client, number, people.customerId, 'customer', body, at);
    await client.query('insert into ticket_participant (ticket_number, user_id) values ($1, $2)', [number, people.customerId]);
    await writeHistory(client, number, 'opened', 'customer', people.customerId, messageId, at);
    await writeAudit(client, number, 'ticket.open', 'customer', people.customerId, at);
    const deliveryId = await notify(client, number, 'ticket.created', people.customerId, messageId, at);
    await writeOutbox(client, at, [opened(number), wanted(number, deliveryId)]);
    return number;
  });
}

/** A customer's reply: ticket, message, next steps gone, history, audit, one outbox row, the kept answer. */
export async function floorCustomerReply(pool: Pool, people: FloorPeople, number: number, body: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    const at = new Date();
    await keepAnswer(client, people.customerId, at);
    await client.query(
      `update ticket set status = 'awaiting_staff', waiting_since = $2, warns_at = null, closes_at = null, archives_at = null, timing = null, snoozed_until = null, closed_at = null, closed_by = null, interrupted = $3,
        next_step = null, next_step_at = null, reply_count = reply_count + 1, last_message_at = $2, last_message_by = 'customer', revision = revision + 1, updated_at = $2 where number = $1`,
      [number, at, JSON.stringify(interrupted(at))],
    );
    const messageId = await writeMessage(client, number, people.customerId, 'customer', body, at);
    await client.query('delete from obligation where entity = $1', [entityOf(number)]);
    await writeHistory(client, number, 'customer_message', 'customer', people.customerId, messageId, at);
    await writeAudit(client, number, 'ticket.customer_message', 'customer', people.customerId, at);
    await writeOutbox(client, at, [happened(number, 'customerReplied', messageId)]);
  });
}

/** A staff reply: as the customer's, with two next steps, a notification and its delivery. */
export async function floorStaffReply(pool: Pool, people: FloorPeople, number: number, body: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    const at = new Date();
    await keepAnswer(client, people.staffId, at);
    await client.query(
      `update ticket set status = 'awaiting_customer', assignee_id = $3, waiting_since = null, warns_at = $4, closes_at = $5, archives_at = null, timing = 'tpl_00000000000000000000000000', snoozed_until = null, closed_at = null, closed_by = null,
        interrupted = null, next_step = 'warn', next_step_at = $4, reply_count = reply_count + 1, last_message_at = $2, last_message_by = 'staff', revision = revision + 1, updated_at = $2 where number = $1`,
      [number, at, people.staffId, days(at, 6), days(at, 7)],
    );
    const messageId = await writeMessage(client, number, people.staffId, 'staff', body, at);
    await planSteps(client, number, people.accountId, [
      { kind: 'warn', dueAt: days(at, 6) },
      { kind: 'auto_close', dueAt: days(at, 7) },
    ]);
    await writeHistory(client, number, 'staff_message', 'staff', people.staffId, messageId, at);
    await writeAudit(client, number, 'ticket.staff_message', 'staff', people.staffId, at);
    const deliveryId = await notify(client, number, 'ticket.answered', people.customerId, messageId, at);
    await writeOutbox(client, at, [happened(number, 'staffReplied', messageId), wanted(number, deliveryId)]);
  });
}

/** Staff close: ticket, one next step, history, audit, a notification and its delivery, two outbox rows, the kept answer. */
export async function floorClose(pool: Pool, people: FloorPeople, number: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    const at = new Date();
    await keepAnswer(client, people.staffId, at);
    await client.query(
      `update ticket set status = 'closed', waiting_since = null, warns_at = null, closes_at = null, archives_at = $3, timing = 'tpl_00000000000000000000000000', snoozed_until = null, closed_at = $2, closed_by = 'staff', interrupted = null,
        next_step = 'archive', next_step_at = $3, revision = revision + 1, updated_at = $2 where number = $1`,
      [number, at, days(at, 7)],
    );
    await planSteps(client, number, people.accountId, [{ kind: 'archive', dueAt: days(at, 7) }]);
    await writeHistory(client, number, 'close', 'staff', people.staffId, null, at);
    await writeAudit(client, number, 'ticket.close', 'staff', people.staffId, at);
    const deliveryId = await notify(client, number, 'ticket.closed', people.customerId, null, at);
    await writeOutbox(client, at, [happened(number, 'staffClosed', null), wanted(number, deliveryId)]);
  });
}

/** The one row that the floor's workflow reads after each signal. */
export async function floorReadRow(pool: Pool, number: number): Promise<{ status: string; revision: number } | undefined> {
  const { rows } = await pool.query<{ status: string; revision: number }>('select status, revision from ticket where number = $1', [
    number,
  ]);
  return rows[0];
}

async function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } finally {
    client.release();
  }
}

async function keepAnswer(client: PoolClient, actor: string, at: Date): Promise<void> {
  const key = randomBytes(16).toString('hex');
  await client.query(
    'insert into idempotency_record (actor, key, request_hash, status, answer, created_at) values ($1, $2, $3, 201, $4, $5)',
    [actor, key, createHash('sha256').update(key).digest('hex'), keptAnswer, at],
  );
}

async function writeMessage(
  client: PoolClient,
  number: number,
  authorId: string,
  side: 'customer' | 'staff',
  body: string,
  at: Date,
): Promise<string> {
  const id = floorId('msg', at);
  await client.query(
    `insert into message (id, ticket_number, author_id, author_side, visibility, next_step_by, channel, body, created_at) values ($1, $2, $3, $4, 'public', $5, 'api', $6, $7)`,
    [id, number, authorId, side, side === 'staff' ? 'customer' : null, body, at],
  );
  return id;
}

async function writeHistory(
  client: PoolClient,
  number: number,
  kind: string,
  side: 'customer' | 'staff',
  actorId: string,
  messageId: string | null,
  at: Date,
): Promise<void> {
  await client.query(
    `insert into ticket_event (id, ticket_number, revision, kind, actor_side, actor_id, channel, visibility, data, at) values ($1, $2, 1, $3, $4, $5, 'api', 'public', $6, $7)`,
    [floorId('evt', at), number, kind, side, actorId, JSON.stringify({ messageId, nextStepBy: null }), at],
  );
}

async function writeAudit(
  client: PoolClient,
  number: number,
  action: string,
  side: 'customer' | 'staff',
  actorId: string,
  at: Date,
): Promise<void> {
  await client.query(
    'insert into audit_line (id, at, actor_kind, actor_id, action, object, before, after, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [
      floorId('aud', at),
      at,
      side,
      actorId,
      action,
      entityOf(number),
      JSON.stringify({ status: 'awaiting_customer' }),
      JSON.stringify({ status: 'awaiting_staff', messageId: floorId('msg', at) }),
      randomBytes(18).toString('hex'),
    ],
  );
}

async function notify(
  client: PoolClient,
  number: number,
  event: string,
  recipientId: string,
  messageId: string | null,
  at: Date,
): Promise<string> {
  const notificationId = floorId('ntf', at);
  await client.query(
    `insert into notification (id, recipient_id, category, event, event_key, ticket_number, message_id, created_at) values ($1, $2, 'support', $3, $4, $5, $6, $7)`,
    [notificationId, recipientId, event, `${event}:${notificationId}`, number, messageId, at],
  );
  const deliveryId = floorId('dlv', at);
  await client.query(
    `insert into delivery (id, notification_id, channel, state, deliver_before, attempts) values ($1, $2, 'email', 'pending', $3, 0)`,
    [deliveryId, notificationId, days(at, 3)],
  );
  return deliveryId;
}

async function planSteps(
  client: PoolClient,
  number: number,
  accountId: string,
  steps: readonly { kind: string; dueAt: Date }[],
): Promise<void> {
  const rows = steps.map((step) => ({ id: floorId('obl', step.dueAt), kind: step.kind, due_at: step.dueAt }));
  await client.query(
    `with wanted as (select * from jsonb_to_recordset($1::jsonb) as w (id text, kind text, due_at timestamptz)),
      gone as (delete from obligation where entity = $2 and kind not in (select kind from wanted))
    insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision) select id, $2, $3, kind, due_at, 'autoCloseAfter 604800 s (tpl_0000000000000000000000000)', 1 from wanted
    on conflict (entity, kind) do update set id = excluded.id, due_at = excluded.due_at`,
    [JSON.stringify(rows), entityOf(number), accountId],
  );
}

type Spoken = { entity: string; message: Record<string, unknown> };

async function writeOutbox(client: PoolClient, at: Date, spoken: readonly Spoken[]): Promise<void> {
  const places = spoken.map((_, index) => `($${index * 3 + 1}, $${index * 3 + 2}, $${index * 3 + 3}, 0)`).join(', ');
  const values = spoken.flatMap(({ entity, message }) => [entity, JSON.stringify(message), at]);
  await client.query(`insert into outbox (entity, message, created_at, attempts) values ${places}`, values);
}

function opened(number: number): Spoken {
  return { entity: entityOf(number), message: { kind: 'ticket.opened', number: spelled(number), category: 'technical' } };
}

function happened(number: number, happening: string, messageId: string | null): Spoken {
  return { entity: entityOf(number), message: { kind: 'ticket.happening', number: spelled(number), happening, revision: 1, messageId } };
}

function wanted(number: number, deliveryId: string): Spoken {
  return {
    entity: `notification:${deliveryId}`,
    message: { kind: 'delivery.wanted', deliveryId, event: 'ticket.answered', number: spelled(number) },
  };
}

function interrupted(at: Date): Record<string, string | null> {
  return {
    status: 'awaiting_customer',
    waitingSince: null,
    warnsAt: at.toISOString(),
    closesAt: at.toISOString(),
    archivesAt: null,
    timing: 'tpl_00000000000000000000000000',
    snoozedUntil: null,
    closedAt: null,
    closedBy: null,
  };
}

function entityOf(number: number): string {
  return `ticket:${spelled(number)}`;
}

function spelled(number: number): string {
  return `CS-${String(number).padStart(6, '0')}`;
}

function days(at: Date, count: number): Date {
  return new Date(at.getTime() + count * 24 * 3600 * 1000);
}

/** As long as the product's ids and sorting by time like them, so that the indexes grow alike. */
function floorId(prefix: string, at: Date): string {
  return `${prefix}_${at.getTime().toString(16).padStart(12, '0')}${randomBytes(7).toString('hex')}`;
}

/** As long as the product's answer to a reply. */
const keptAnswer = JSON.stringify({
  number: 'CS-000123',
  subject: 'Panel does not start',
  status: 'awaiting_staff',
  statusText: 'Under review',
  category: 'technical',
  categoryName: 'Technical',
  priority: 'medium',
  replyCount: 4,
  lastMessageAt: '2026-01-01T00:00:00.000Z',
  lastMessageBy: 'customer',
  closedAt: null,
  leavesListAt: null,
  next: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  allowedActions: ['reply', 'resolve'],
  messageId: 'msg_00000000000000000000000000',
});
