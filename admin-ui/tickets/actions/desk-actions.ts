import type { ComponentType } from 'react';
import type { StaffPermission } from '../../../domain/permissions.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import type { TicketAction } from '../ticket-actions.tsx';
import { AskAssignment } from './AskAssignment.tsx';
import { AskClosing } from './AskClosing.tsx';
import { AskMarks } from './AskMarks.tsx';
import { AskMerge } from './AskMerge.tsx';
import { AskSplit } from './AskSplit.tsx';
import { AskTransfer } from './AskTransfer.tsx';
import { AskScopeRefusal } from './AskScopeRefusal.tsx';
import { AskSnooze } from './AskSnooze.tsx';

/** Asks what an action needs, in a dialog that is there from its first moment; it says itself when it is through. */
export type Ask = ComponentType<{ ticket: StaffTicketPage; onClose: () => void }>;

/** What a clerk may do with a ticket beside writing: a button, a key where it has one, and a line in the menu of commands. */
export interface DeskAction {
  readonly name: string;
  /** The key of its word among the console's words; `kontor.action.<name>` without. */
  readonly words?: string;
  /** The key of a sentence that says what it means, where its word alone does not. */
  readonly hint?: string;
  /** The single key that begins it. */
  readonly keys?: string;
  /** Beside the subject, or behind the three dots: only what is done many times a day stands beside. */
  readonly place: 'beside' | 'menu';
  /** Whether the API would allow it now to this reader: nothing is offered that it would refuse. */
  readonly offered: (
    ticket: StaffTicketPage,
    reader: { readonly id: string; readonly may: (permission: StaffPermission) => boolean },
  ) => boolean;
  /** What it does: at once, by a wish that can be taken back; or after asking. */
  readonly does: { readonly wish: TicketAction } | { readonly Ask: Ask };
}

type Allowed = StaffTicketPage['allowedActions'][number];
const allowed = (name: Allowed): DeskAction['offered'] => {
  return (ticket) => ticket.allowedActions.includes(name);
};

/** In the order in which they stand. A new action is a file in this folder, with its dialog, and a line here. */
export const deskActions: readonly DeskAction[] = [
  { name: 'take', keys: 't', place: 'beside', offered: allowed('take'), does: { wish: { kind: 'take' } } },
  { name: 'return', keys: 't', place: 'beside', offered: allowed('return'), does: { wish: { kind: 'return' } } },
  {
    name: 'assign',
    words: 'kontor.desk.assign.action',
    keys: 'a',
    place: 'menu',
    offered: allowed('assign'),
    does: { Ask: AskAssignment },
  },
  { name: 'transfer', words: 'kontor.desk.transfer.action', place: 'menu', offered: allowed('transfer'), does: { Ask: AskTransfer } },
  { name: 'mark', words: 'kontor.desk.tags.action', keys: 'p', place: 'menu', offered: allowed('classify'), does: { Ask: AskMarks } },
  { name: 'merge', words: 'kontor.desk.merge.action', keys: 'm', place: 'menu', offered: allowed('merge'), does: { Ask: AskMerge } },
  { name: 'split', words: 'kontor.desk.split.action', place: 'menu', offered: allowed('split'), does: { Ask: AskSplit } },
  { name: 'reopen', place: 'beside', offered: allowed('reopen'), does: { wish: { kind: 'reopen' } } },
  {
    name: 'dismiss',
    hint: 'kontor.action.dismissHint',
    place: 'beside',
    offered: allowed('dismiss'),
    does: { wish: { kind: 'dismiss' } },
  },
  { name: 'snooze', keys: 's', place: 'beside', offered: allowed('snooze'), does: { Ask: AskSnooze } },
  { name: 'wake', place: 'beside', offered: allowed('wake'), does: { wish: { kind: 'wake' } } },
  {
    name: 'mark_fixed',
    words: 'kontor.clocks.action.mark_fixed',
    hint: 'kontor.clocks.action.fixHint',
    keys: 'x',
    place: 'menu',
    offered: allowed('mark_fixed'),
    does: { wish: { kind: 'mark_fixed' } },
  },
  {
    name: 'resume_fix',
    words: 'kontor.clocks.action.resume_fix',
    keys: 'x',
    place: 'menu',
    offered: allowed('resume_fix'),
    does: { wish: { kind: 'resume_fix' } },
  },
  {
    name: 'refuseByScope',
    words: 'kontor.scopeRefusal.title',
    place: 'menu',
    offered: allowed('reply'),
    does: { Ask: AskScopeRefusal },
  },
  { name: 'close', keys: 'e', place: 'beside', offered: allowed('close'), does: { Ask: AskClosing } },
];
