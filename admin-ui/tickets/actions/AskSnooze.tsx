import { SnoozeDialog } from '../SnoozeDialog.tsx';
import { useTicketAction } from '../ticket-actions.tsx';
import type { Ask } from './desk-actions.ts';

/** Asks until when, and snoozes. */
export const AskSnooze: Ask = ({ ticket, onClose }) => {
  const { act } = useTicketAction(ticket);
  return (
    <SnoozeDialog
      ticket={ticket}
      open
      onClose={onClose}
      onChosen={(until) => {
        onClose();
        void act({ kind: 'snooze', until: until.toISOString() });
      }}
    />
  );
};
