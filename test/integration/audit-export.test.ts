/** The audit as a file: a long answer, written while it is read. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestStaff } from '../harness/people.ts';

let kontor: Kontor;
let maria: TestStaff;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  maria = await kontor.people.staff({ name: 'Maria Orlova', role: 'administrator' });
  // More than what the sockets between the two ends hold, so that most is still to be read when the first bytes are there.
  await kontor.db.query(
    `insert into audit_line (id, at, actor_kind, action, object, after)
      select 'aud_' || lpad(n::text, 26, '0'), '2026-11-02T00:00:00Z'::timestamptz + n * interval '1 second', 'time', 'ticket.close', 'ticket:CS-000001',
        jsonb_build_object('note', '=' || repeat('x', 500)) from generate_series(1, 40000) n`,
  );
});
afterAll(() => kontor?.stop());

const exported = (query: string) => fetch(`${kontor.origin}/api/staff/v1/audit/export?${query}`, { headers: maria.credentials });

test('I9: the export has every line once, the newest first, and no cell that a spreadsheet would run', async () => {
  const answer = await exported('action=ticket.close&to=2026-11-02T00:20:00Z');
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  const [header, ...lines] = (await answer.text()).trim().split('\n');
  expect(header).toBe('at,actorKind,actorId,actor,action,object,whomId,whom,address,before,after,requestId');
  expect(lines).toHaveLength(1199);
  expect(new Set(lines).size).toBe(1199);
  expect(lines.map((line) => line.slice(0, 24))).toEqual(
    lines
      .map((line) => line.slice(0, 24))
      .toSorted()
      .toReversed(),
  );
});

test('I9: a database that goes away in the middle cuts the file off, and harms nobody else', async () => {
  const answer = await exported('action=ticket.close');
  expect(answer.status).toBe(200);
  await kontor.db.query('alter table audit_line rename to audit_line_away');
  try {
    // A file that ended in order would be taken for the whole.
    await expect(answer.text()).rejects.toThrow('terminated');
    expect((await maria.get('/me')).status).toBe(200);
  } finally {
    await kontor.db.query('alter table audit_line_away rename to audit_line');
  }
});

test('I9, E: a link on another site takes no audit away, and leaves no line in somebody’s name', async () => {
  const lines = () => kontor.db.query(`select id from audit_line where action = 'audit.export'`);
  const before = await lines();
  const sent = { ...maria.credentials, 'sec-fetch-site': 'cross-site' };
  const answer = await fetch(`${kontor.origin}/api/staff/v1/audit/export?action=ticket.close`, { headers: sent });
  expect(answer.status).toBe(403);
  expect(await lines()).toEqual(before);
});
