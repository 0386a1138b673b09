import { CloseDialog } from '../CloseDialog.tsx';
import { useTicketAction } from '../ticket-actions.tsx';
import type { Ask } from './desk-actions.ts';

/** Asks for a reason, and closes. */
export const AskClosing: Ask = ({ ticket, onClose }) => {
  const { act } = useTicketAction(ticket);
  return (
    <CloseDialog
      ticket={ticket}
      open
      onClose={onClose}
      onConfirmed={(reason) => {
        onClose();
        void act({ kind: 'close', reason });
      }}
    />
  );
};
