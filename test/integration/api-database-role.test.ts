import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';

let kontor: Kontor;
let app: Client;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  const [anna, oleg] = [await kontor.people.customer(), await kontor.people.staff()];
  const { number } = (await anna.post('/tickets', { subject: 'A', body: 'B', category: 'technical' })).body;
  await oleg.post(`/tickets/${number}/messages`, { body: 'An answer' });
  app = new Client({ connectionString: kontor.db.appUrl });
  await app.connect();
});
afterAll(async () => {
  await app?.end();
  await kontor?.stop();
});

const denied = { code: '42501' };
const tried = (sql: string) => expect(app.query(sql), sql).rejects.toMatchObject(denied);

describe('I9: history, conversation and audit can be added to and never changed, by the role of the product itself', () => {
  test.each(['ticket_event', 'audit_line'])('%s', async (table) => {
    const count = async () => (await kontor.db.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n;
    const [column] = await kontor.db.query<{ name: string }>(
      'select column_name as name from information_schema.columns where table_name = $1 order by ordinal_position limit 1',
      [table],
    );
    const before = await count();
    for (const sql of [
      `update ${table} set ${column!.name} = ${column!.name}`,
      `delete from ${table}`,
      `truncate ${table}`,
      `drop table ${table}`,
      `alter table ${table} add x text`,
      `alter table ${table} disable trigger all`,
      `select * from ${table} for update`,
    ])
      await tried(sql);
    expect(await count()).toBe(before);
  });
});

test('T13: a merge may say in which ticket a message lies now; what was said, by whom and when, stays as it was', async () => {
  for (const change of [
    "id = 'x'",
    "author_id = 'x'",
    "author_side = 'staff'",
    "visibility = 'internal'",
    "body = 'x'",
    'created_at = now()',
    "channel = 'x'",
    'entered_by_id = null',
    'next_step_by = null',
  ])
    await tried(`update message set ${change}`);
  for (const sql of ['delete from message', 'truncate message', 'drop table message', 'alter table message add x text']) await tried(sql);
  await expect(app.query('update message set ticket_number = ticket_number, from_number = null')).resolves.toBeTruthy();
});

test('T13: who merged what, what it moved, and to which address a copy went, cannot be rewritten', async () => {
  for (const change of [
    "moved = '{}'",
    "source_before = '{}'",
    "target_before = '{}'",
    'from_number = 1',
    "merged_by_id = 'x'",
    'merged_at = now()',
  ])
    await tried(`update ticket_merge set ${change}`);
  for (const change of ["address = 'x@evil.example'", "name = 'x'", "added_by_id = 'x'"])
    await tried(`update ticket_outside_address set ${change}`);
  for (const table of ['ticket_merge', 'ticket_outside_address', 'outside_copy', 'canned_reply', 'ticket_tag'])
    await tried(`delete from ${table}`);
  // Ties and places in a conversation are how things stand, not what happened: they end, and are never rewritten.
  for (const table of ['ticket_link', 'ticket_participant'])
    await tried(`update ${table} set ${table === 'ticket_link' ? 'kind' : 'user_id'} = 'x'`);
});

test('D2: what somebody agreed to, and to which words, cannot be rewritten; that he took it back is written beside it', async () => {
  for (const change of ['version = 2', 'given_at = now()', "given_from = 'x'", "user_id = 'x'", "purpose = 'terms'"])
    await tried(`update consent set ${change}`);
  await tried(`update consent_text set body = '{"en": "Everything you have is ours."}'`);
  await expect(app.query('update consent set withdrawn_at = now()')).resolves.toBeTruthy();
});

test('S8: what was promised, and what clocks are counted under, cannot be rewritten', async () => {
  for (const change of ['response = null', "calendar_id = 'x'", 'version = 2']) await tried(`update service_terms set ${change}`);
  for (const change of ["outcome = 'met'", 'agent_id = null', "queue_id = 'x'"]) await tried(`update clock_tally set ${change}`);
  for (const table of ['service_terms', 'calendar_version', 'clock_tally']) await tried(`delete from ${table}`);
});

describe('E: the role of the product owns nothing and makes nothing but rows', () => {
  test('no role, database, schema, table, function, extension, or file', async () => {
    for (const sql of [
      'create role mallory',
      'alter role kontor_app superuser',
      'alter role kontor_app createrole',
      "alter role kontor_owner password 'x'",
      'create database mallory',
      `drop database ${kontor.db.name}`,
      'create schema mallory',
      'create table mallory (id int)',
      'create view mallory as select 1',
      "create function mallory() returns int language sql as 'select 1'",
      'create extension dblink',
      "copy app_user to '/tmp/mallory'",
      "copy (select 1) to program 'id'",
      "select pg_read_file('/etc/passwd')",
      "select lo_import('/etc/passwd')",
      'set role kontor_owner',
      'set session authorization kontor_owner',
      'alter table message owner to kontor_app',
      'select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user and usename is not null',
      'select * from pg_authid',
      'select * from migration',
    ])
      await tried(sql);
  });

  test('and people, accounts and tickets cannot be deleted', async () => {
    for (const table of [
      'app_user',
      'account',
      'ticket',
      'queue',
      'hold',
      'notification',
      'delivery',
      'staff_case',
      'invitation',
      'pending_action',
      'consent',
      'consent_text',
      'calendar',
      'calendar_version',
    ]) {
      await tried(`delete from ${table}`);
      await tried(`truncate ${table}`);
    }
    for (const table of [
      'timing_policy',
      'membership',
      'session',
      'api_token',
      'factor',
      'recovery_code',
      'letter',
      'mailed_link',
      'throttle',
    ])
      await tried(`truncate ${table}`);
    const [role] = await kontor.db.query(
      `select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles where rolname = 'kontor_app'`,
    );
    expect(role).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false });
    expect(
      await kontor.db.query(`select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = 'kontor_app'`),
    ).toEqual([]);
  });
});
