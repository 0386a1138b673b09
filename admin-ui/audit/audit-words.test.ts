import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../domain/errors.ts';
import { letterRules } from '../../domain/letter.ts';
import { moveTable } from '../../domain/ticket-life.ts';
import { en } from '../words/en.ts';

const root = join(import.meta.dirname, '../..');
const otherNames: ReadonlySet<string> = new Set([...errorCodes, ...Object.keys(letterRules)]);

/** Names that stand where something is written into the audit: in a call of `audit` or `auditWish`, or as an `action`. */
function writtenActions(): string[] {
  const files = globSync('{db,api}/**/*.ts', { cwd: root }).filter((name) => !name.endsWith('.test.ts'));
  const texts = files.map((name) => readFileSync(join(root, name), 'utf8')).filter((text) => /audit\.ts'|AuditLine/.test(text));
  const places = texts.flatMap((text) => text.match(/\baudit(?:Wish)?\([^;]*?;|\baction: '[^']*'|\bconst action = [^;]*;/g) ?? []);
  const names = places.flatMap((place) => [...place.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, name]) => name!));
  return [...new Set(names)].filter((name) => !otherNames.has(name)).toSorted();
}

describe('the audit’s words', () => {
  const named = Object.keys(en.kontor.audit.action);

  test('I9: everything that is written into the audit has words', () => {
    const written = writtenActions();
    expect(written).toContain('staff.deactivate');
    expect(written).toContain('auth.signed_in');
    expect(written).toContain('member.invite');
    expect(written.filter((action) => !named.includes(action))).toEqual([]);
  });

  test('I9: everything that happens to a ticket has words', () => {
    const moves = Object.keys(moveTable).filter((move) => move !== 'staff_message_we_owe');
    for (const kind of [...moves, 'opened', 'cited']) expect(named).toContain(`ticket.${kind}`);
  });

  test('I9: what changed at the desk is told in words, and where each is found there is one', () => {
    const fields = [
      'warnsAt',
      'closesAt',
      'archivesAt',
      'validUntil',
      'endsAt',
      'endedBy',
      'amount',
      'way',
      'tags',
      'priority',
      'into',
      'shifts',
      'response',
      'criticalFix',
      'slaPlan',
    ];
    expect(fields.filter((field) => !(field in en.kontor.audit.field))).toEqual([]);
    expect(Object.keys(en.kontor.paidWork.quotes.states)).toContain('offered');
    expect(Object.keys(en.kontor.timing.jobs.kind)).toContain('lift_hold');
    expect(Object.keys(en.kontor.servicePlans.agreements.kind)).toContain('cloud_team');
    expect(Object.keys(en.kontor.problems.state)).toContain('planned');
    expect(Object.keys(en.kontor.severity.state)).toContain('claimed');
    expect(Object.keys(en.kontor.scope.stance)).toContain('paid');
    expect(Object.keys(en.kontor.paidWork.access.endings)).toContain('closing');
  });

  test('I9: what the actions are about has a name, so that they can be chosen together', () => {
    for (const action of named) expect(Object.keys(en.kontor.subject)).toContain(action.split('.')[0]);
  });
});
