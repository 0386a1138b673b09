/** What P5 asks of lists and search, for staff and customers. */
import { systemClock } from '../../system-clock.ts';
import type { ApiDriver } from '../harness/api-driver.ts';
import { plantedWords, type Company } from './many-tickets.ts';

export interface Readers {
  readonly agent: ApiDriver;
  /** With as many tickets as most have. */
  readonly usual: ApiDriver;
  /** With the most of all. */
  readonly large: ApiDriver;
}

export interface Asked {
  readonly name: string;
  readonly by: ApiDriver;
  /** Asked in turn. */
  readonly paths: readonly string[];
  /** One of those that QUALITY names. */
  readonly goal: boolean;
  /** Whether its plans are kept. */
  readonly explained: boolean;
}

export function questionsOf(company: Company, { agent, usual, large }: Readers): Asked[] {
  const staff = { by: agent };
  const of = (by: ApiDriver) => ({ by });
  const common = company.words.slice(0, 12);
  const { rare, middling, foreign, bygone } = plantedWords;
  const words = (asked: readonly string[], more = '') => asked.map((word) => `/tickets?q=${encodeURIComponent(word)}${more}`);
  const both = rare.flatMap((word) => common.slice(0, 4).map((other) => `${other} ${word}`));
  const searches = [
    { name: 'staff: a rare word', ...staff, paths: words(rare), goal: true },
    { name: 'staff: a common word', ...staff, paths: words(common), goal: true, explained: true },
    { name: 'staff: a common and a rare word', ...staff, paths: words(both), goal: true, explained: true },
    { name: 'customer: a rare word', ...of(large), paths: words(rare), goal: true },
    { name: 'customer: a common word', ...of(usual), paths: words(common), goal: true },
    { name: 'customer: a common and a rare word', ...of(large), paths: words(both), goal: true },
    { name: 'customer: a word frequent only in another account', ...of(usual), paths: words(foreign), goal: true, explained: true },
    { name: 'customer with most tickets: a common word', ...of(large), paths: words(common) },
    { name: 'customer with most tickets: a word frequent only in another account', ...of(large), paths: words(foreign) },
    { name: 'staff: a word of middling frequency', ...staff, paths: words(middling) },
    { name: 'staff: a word frequent only long ago', ...staff, paths: words(bygone) },
    { name: 'staff: the beginning of a word', ...staff, paths: words(common.map((word) => word.slice(0, 4))) },
    { name: 'staff: a common word among what waits', ...staff, paths: words(common, '&status=awaiting_staff') },
    {
      name: 'staff: a common word in one queue’s archive',
      ...staff,
      paths: words(common, '&category=sales&archived=true'),
    },
    { name: 'staff: a common word among his own', ...staff, paths: words(common, '&assignee=me') },
    { name: 'staff: a common word among what he has not read', ...staff, paths: words(common, '&unread=true') },
  ];
  const list = (query: string) => [`/tickets?${query}`];
  const account = company.accounts[40]!;
  const tomorrow = new Date(systemClock.now().getTime() + 24 * 3600 * 1000).toISOString();
  const lists = [
    { name: 'list: mine', ...staff, paths: list('assignee=me&closed=false&snoozed=false&sort=waitingSince') },
    {
      name: 'list: unassigned',
      ...staff,
      paths: list('status=awaiting_staff&assignee=none&snoozed=false&sort=waitingSince'),
      explained: true,
    },
    {
      name: 'list: waiting longest',
      ...staff,
      paths: list('status=awaiting_staff,in_progress&snoozed=false&sort=waitingSince'),
    },
    {
      name: 'list: waiting longest, one queue',
      ...staff,
      paths: list('status=awaiting_staff,in_progress&snoozed=false&sort=waitingSince&category=sales'),
    },
    { name: 'list: overdue', ...staff, paths: list('breached=true'), explained: true },
    { name: 'list: overdue, one’s own', ...staff, paths: list('breached=true&assignee=me') },
    { name: 'list: overdue, one queue', ...staff, paths: list('breached=true&category=other') },
    { name: 'list: breaching next', ...staff, paths: list('sort=breachesAt&archived=false'), explained: true },
    { name: 'list: breaching within a day', ...staff, paths: list(`sort=breachesAt&breachesBefore=${tomorrow}`), explained: true },
    { name: 'list: breaching within a day, one’s own', ...staff, paths: list(`sort=breachesAt&assignee=me&breachesBefore=${tomorrow}`) },
    { name: 'list: breaching next, what is not overdue yet', ...staff, paths: list('sort=breachesAt&breached=false') },
    { name: 'list: active, newest message first', ...staff, paths: list('archived=false&sort=-lastMessageAt') },
    { name: 'list: active, unread', ...staff, paths: list('archived=false&unread=true&sort=-lastMessageAt') },
    { name: 'list: active, oldest first', ...staff, paths: list('archived=false&sort=createdAt') },
    {
      name: 'list: active, one queue, high priority',
      ...staff,
      paths: list('archived=false&category=general&priority=high&sort=-lastMessageAt'),
    },
    { name: 'list: closed', ...staff, paths: list('status=closed&sort=-updatedAt') },
    { name: 'list: snoozed', ...staff, paths: list('snoozed=true&archived=false') },
    { name: 'list: archive', ...staff, paths: list('archived=true'), explained: true },
    { name: 'list: archive, one queue', ...staff, paths: list('archived=true&category=other') },
    { name: 'list: archive, by number', ...staff, paths: list('archived=true&sort=number') },
    { name: 'list: archive, oldest message first, high priority', ...staff, paths: list('archived=true&priority=high&sort=lastMessageAt') },
    { name: 'list: archive of one of the staff', ...staff, paths: list('archived=true&assignee=me') },
    { name: 'list: archive, nobody’s', ...staff, paths: list('archived=true&assignee=none') },
    { name: 'list: a customer’s other tickets', ...staff, paths: list(`account=${account}&archived=false&sort=-lastMessageAt`) },
    { name: 'list: a customer’s archive, one queue', ...staff, paths: list(`account=${account}&archived=true&category=other`) },
    { name: 'customer’s list: active', ...of(usual), paths: list('limit=25') },
    { name: 'customer’s list: archive', ...of(usual), paths: list('archived=true') },
    { name: 'list of the customer with most tickets: active', ...of(large), paths: list('limit=25') },
    { name: 'list of the customer with most tickets: active, oldest first', ...of(large), paths: list('sort=createdAt') },
    { name: 'list of the customer with most tickets: closed', ...of(large), paths: list('status=closed') },
    { name: 'list of the customer with most tickets: unread', ...of(large), paths: list('unread=true'), explained: true },
    {
      name: 'list of the customer with most tickets: archive, one queue, high',
      ...of(large),
      paths: list('archived=true&category=other&priority=high'),
    },
  ];
  return [...searches, ...lists].map((asked) => ({ goal: false, explained: false, ...asked }));
}
