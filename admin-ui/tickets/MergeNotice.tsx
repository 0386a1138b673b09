import { Box, Button } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { Link, Navigate, useSearchParams } from 'react-router';
import { FailureText } from '../failures/FailureText.tsx';
import type { StaffTicketPage } from '../server/answers.ts';
import { inPath, useCarryOut } from '../server/wish.ts';
import { useMay } from '../time/reader.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { ticketAddress } from './TicketTable.tsx';

/** Opens a merged ticket itself, where its number would otherwise lead to the one it was merged into. */
const stays = 'stay';

/** The address of a merged ticket's own page, with its history. */
export function mergedTicketAddress(number: string): string {
  return `${ticketAddress(number)}?${stays}=`;
}

/** A merged ticket leads on to where the conversation is; there, and on its own page, the merge can be undone while that lasts (SPEC T13). */
export function MergeNotice({ ticket }: { ticket: StaffTicketPage }) {
  const [asked] = useSearchParams();
  const { mergedInto } = ticket;
  if (mergedInto !== null && !asked.has(stays)) return <Navigate to={ticketAddress(mergedInto)} replace />;
  if (mergedInto !== null) return <MergedInto ticket={ticket} into={mergedInto} />;
  return ticket.undoableMerges.map((number) => <MergedHere key={number} number={number} />);
}

function MergedInto({ ticket, into }: { ticket: StaffTicketPage; into: string }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.desk.merge.${name}`, { number: ticket.number, into });
  return (
    <Bar words={word('into')}>
      <Button size="small" component={Link} to={ticketAddress(into)}>
        {word('open')}
      </Button>
      {ticket.mergeUndoable && <UndoMerge number={ticket.number} />}
    </Bar>
  );
}

function MergedHere({ number }: { number: string }) {
  const translate = useTranslate();
  return (
    <Bar words={translate('kontor.desk.merge.from', { number })}>
      <Button size="small" component={Link} to={mergedTicketAddress(number)}>
        {translate('kontor.desk.merge.look')}
      </Button>
      <UndoMerge number={number} />
    </Bar>
  );
}

function UndoMerge({ number }: { number: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const may = useMay();
  const carryOut = useCarryOut();
  const [busy, setBusy] = useState(false);
  if (!may('ticket.merge')) return null;
  const undo = async () => {
    setBusy(true);
    try {
      await carryOut({ method: 'DELETE', path: `/tickets/${inPath(number)}/merge` });
      notify(translate('kontor.desk.merge.undone', { number }), { type: 'success' });
    } catch (error) {
      notify(
        <FailureNotice>
          <FailureText error={error} />
        </FailureNotice>,
        { type: 'error', autoHideDuration: 10_000 },
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" variant="outlined" aria-disabled={busy} onClick={() => busy || void undo()}>
      {translate('kontor.desk.merge.undoButton')}
    </Button>
  );
}

function Bar({ words, children }: { words: string; children: ReactNode }) {
  return (
    <Box
      component="section"
      aria-label={words}
      data-merge-notice
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1,
        px: { xs: 1.5, md: 3 },
        py: 0.75,
        fontSize: 13,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'surface.page',
      }}
    >
      <Box component="span" sx={{ mr: 'auto' }}>
        {words}
      </Box>
      {children}
    </Box>
  );
}
