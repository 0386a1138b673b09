import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import type { TicketWish } from '../data-provider.ts';
import { FailureText } from '../failures/FailureText.tsx';
import type { StaffTicketPage } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReaderTime } from '../time/reader.ts';
import { spellMoment } from '../time/spell-time.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { useTicketWish } from './ticket-wish.ts';
import { UndoNotice } from './UndoNotice.tsx';

/** What is wished of a ticket beside writing in it. */
export type TicketAction = Exclude<TicketWish, { kind: 'reply' | 'note' }>;

const undoMilliseconds = 10_000;

/** What takes an action back, as far as the ticket allows it afterwards; taking over from a colleague cannot be. */
function inverseOf(action: TicketAction, before: StaffTicketPage, after: StaffTicketPage): TicketAction | undefined {
  const inverse: Partial<Record<TicketAction['kind'], TicketAction>> = {
    take: before.assignee === null ? { kind: 'return' } : undefined!,
    return: { kind: 'take' },
    snooze: before.snoozedUntil === null ? { kind: 'wake' } : { kind: 'snooze', until: before.snoozedUntil },
    wake: before.snoozedUntil === null ? undefined! : { kind: 'snooze', until: before.snoozedUntil },
    close: { kind: 'reopen' },
    mark_fixed: { kind: 'resume_fix' },
    resume_fix: { kind: 'mark_fixed' },
  };
  const found = inverse[action.kind];
  return found && after.allowedActions.includes(found.kind) ? found : undefined;
}

/** Carries out an action, says so, and offers to undo it for ten seconds where that is possible. */
export function useTicketAction(ticket: StaffTicketPage): { act: (action: TicketAction) => Promise<boolean>; busy: boolean } {
  const translate = useTranslate();
  const notify = useNotify();
  const now = useNow();
  const reader = useReaderTime();
  const wish = useTicketWish(ticket.number);
  const [busy, setBusy] = useState(false);
  const carryOut = async (action: TicketAction): Promise<StaffTicketPage | undefined> => {
    setBusy(true);
    try {
      // Whoever takes it says whom he saw it with: a colleague who was quicker is told of, not taken from.
      const told = action.kind === 'take' ? { ...action, seenAssignee: ticket.assignee?.id ?? null } : action;
      return await wish(told, crypto.randomUUID());
    } catch (error) {
      notify(
        <FailureNotice>
          <FailureText error={error} />
        </FailureNotice>,
        { type: 'error', autoHideDuration: 10_000 },
      );
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const act = async (action: TicketAction) => {
    const after = await carryOut(action);
    if (!after) return false;
    const words = translate(`kontor.action.done.${action.kind}`, {
      time: action.kind === 'snooze' ? spellMoment(new Date(action.until), now, reader) : '',
    });
    const inverse = inverseOf(action, ticket, after);
    // A closing is told to the customer at once: what follows is a reopening, and is called that.
    const reopens = inverse?.kind === 'reopen';
    const undo = async () => {
      if (inverse && (await carryOut(inverse)))
        setTimeout(() => notify(`kontor.action.done.${reopens ? 'reopen' : 'undone'}`, { type: 'success' }), 0);
    };
    const label = translate(reopens ? 'kontor.action.reopen' : 'kontor.undo');
    if (inverse) notify(<UndoNotice words={words} label={label} onUndo={undo} />, { autoHideDuration: undoMilliseconds });
    else notify(words, { type: 'success' });
    return true;
  };
  return { act, busy };
}
