import { expect, test } from 'vitest';
import { liveThings } from '../../domain/live-topic.ts';
import { isNewsTo, listsTickets, movesTickets, showsTopic } from './stale-queries.ts';

test('T18: a fact of a ticket makes old what shows this ticket, and nothing of another', () => {
  const topic = { what: 'ticket', ticket: 'CS-000123' } as const;
  for (const key of [
    ['ticket', 'CS-000123'],
    ['ticket-conversation', 'CS-000123'],
    ['quotes', 'CS-000123'],
  ])
    expect(showsTopic(key, topic), String(key)).toBe(true);
  for (const key of [['ticket', 'CS-000124'], ['notifications'], ['presence', 'CS-000123'], ['jobs']])
    expect(showsTopic(key, topic), String(key)).toBe(false);
});

test('T13: who is present makes nothing else old, and nothing else asks again who is', () => {
  expect(showsTopic(['presence', 'CS-000123'], { what: 'presence', ticket: 'CS-000123' })).toBe(true);
  expect(showsTopic(['ticket', 'CS-000123'], { what: 'presence', ticket: 'CS-000123' })).toBe(false);
  for (const what of liveThings.filter((thing) => thing !== 'presence'))
    expect(showsTopic(['presence', 'CS-000123'], { what, ticket: 'CS-000123' })).toBe(false);
});

test('T13: what a reader’s own other page says of him is no news to him; what a colleague’s says is, and all else', () => {
  const presence = { what: 'presence', ticket: 'CS-000123', id: 'usr_1' } as const;
  expect([isNewsTo('usr_1', presence), isNewsTo('usr_2', presence)]).toEqual([false, true]);
  expect(isNewsTo('usr_1', { what: 'quote', ticket: 'CS-000123', id: 'quo_1' })).toBe(true);
});

test('A5: progress of long work is read anew by its own name and in its list', () => {
  const topic = { what: 'job', id: 'job_1' } as const;
  expect(
    [
      ['job', 'job_1'],
      ['jobs', 'getList'],
      ['job', 'job_2'],
      ['ticket', 'CS-000123'],
    ].map((key) => showsTopic(key, topic)),
  ).toEqual([true, true, false, false]);
});

test('A5: a setting is read anew where settings of its kind are listed', () => {
  const topic = { what: 'setting', id: 'timing_policy' } as const;
  expect([['timing-policies'], ['queues', 'settings']].map((key) => showsTopic(key, topic))).toEqual([true, false]);
  const agreed = { what: 'setting', id: 'agreement' } as const;
  expect([['agreements', 'getList'], ['agreements', 'of', 'acc_1'], ['sla-plans']].map((key) => showsTopic(key, agreed))).toEqual([
    true,
    true,
    false,
  ]);
  expect(showsTopic(['sla-plans', { withdrawn: false }], { what: 'setting', id: 'sla_plan' })).toBe(true);
});

test('M3: a hold may be over any ticket: its page and the lists are read anew, the holds too, and nothing else', () => {
  const topic = { what: 'hold', id: 'hld_1' } as const;
  expect([['ticket', 'CS-000123'], ['holds', {}], ['queues'], ['presence', 'CS-000123']].map((key) => showsTopic(key, topic))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(liveThings.filter((what) => movesTickets({ what }))).toEqual(['ticket', 'hold']);
});

test('T10: lists and counts are told apart from what shows one ticket', () => {
  expect([['tickets', 'getList', {}], ['desk-counts'], ['ticket', 'CS-000123'], ['tickets', 'getMany']].map(listsTickets)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
