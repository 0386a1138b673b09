import { expect, test } from 'vitest';
import { ticketStory } from './ticket-story.ts';

const dueAt = new Date('2026-12-01T10:14:00Z');

test('A4: an operator reads what the ticket waits for, as a sentence', () => {
  expect(ticketStory('awaiting_customer', null, [{ kind: 'auto_close', dueAt }])).toBe(
    'Answered by staff; closes by itself on Tue 1 Dec 10:14 UTC unless the customer writes.',
  );
  expect(ticketStory('awaiting_staff', null, [])).toBe('Waits for staff; nothing closes by itself.');
  expect(ticketStory('closed', 'customer', [{ kind: 'archive', dueAt }])).toBe(
    'Resolved by the customer; goes to the archive on Tue 1 Dec 10:14 UTC unless the customer writes.',
  );
  expect(ticketStory('archived', 'time', [])).toBe('Archived; the story ends here.');
});

test('T13: a merged ticket says that it waits for an undo', () => {
  expect(ticketStory('archived', 'staff', [], { undoable: true })).toBe(
    'Merged into another ticket; until the next message there this can be undone.',
  );
});

test('M3: a hold is told in the sentence', () => {
  expect(ticketStory('closed', 'time', [{ kind: 'archive', dueAt, heldUntil: null }])).toContain('held until somebody lifts the hold');
});

test('A4, S5: a promise that is broken stays in the story until somebody answers', () => {
  expect(ticketStory('awaiting_staff', null, [], { overdue: [{ clock: 'first_response', since: dueAt }] })).toBe(
    'Waits for staff; the first response is overdue since Tue 1 Dec 10:14 UTC; nothing closes by itself.',
  );
});
