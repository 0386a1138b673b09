import { createHash, randomBytes } from 'node:crypto';
import type { FreshDatabase } from '../harness/fresh-database.ts';
import type { FloorPeople } from './floor.ts';

/** A customer, his account, a member of staff and a token in the floor's own database. */
export async function hireFloorPeople(db: FreshDatabase): Promise<FloorPeople & { token: string }> {
  const at = new Date();
  const token = randomBytes(20).toString('hex');
  const name = randomBytes(4).toString('hex');
  const people = { customerId: `usr_c_${name}`, accountId: `acc_${name}`, staffId: `usr_s_${name}` };
  const person = `insert into app_user (id, kind, staff_role, email, name, locale, time_zone, password_hash, password_changed_at, created_at) values ($1, $2, $3, $4, 'Anna Petrova', 'en', 'UTC', 'none', $5, $5)`;
  await db.query(person, [people.customerId, 'customer', null, `${name}@people.example`, at]);
  await db.query(person, [people.staffId, 'staff', 'support', `${name}@staff.example`, at]);
  await db.query(`insert into account (id, name, created_at) values ($1, 'Vega Ltd', $2)`, [people.accountId, at]);
  await db.query(
    `insert into api_token (id, user_id, account_id, name, token_hash, scopes, created_at, expires_at) values ($1, $2, $3, 'bench', $4, '{}', $5, $6)`,
    [
      `tok_${name}`,
      people.customerId,
      people.accountId,
      createHash('sha256').update(token).digest('hex'),
      at,
      new Date(at.getTime() + 24 * 3600 * 1000),
    ],
  );
  const [queue] = await db.query<{ id: string }>(`select id from queue where category = 'technical'`);
  return { ...people, queueId: queue!.id, token };
}
