import { Box, Button, LinearProgress } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useSearchParams } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { moneyCaseWords } from '../cases/money-cases.ts';
import { MoneyCase } from '../cases/MoneyCase.tsx';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Moment } from '../time/Moment.tsx';
import { useMay, useReaderTime } from '../time/reader.ts';
import { useNow } from '../time/now.ts';
import { spellMoment } from '../time/spell-time.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { useBooksAudit, useBooksAudits, type BooksAudit, type BooksAuditPage } from './audit-reads.ts';

/** Audits of the books: how far the one that runs has come, and what each has found (SPEC B10). */
export function BooksAuditsPage() {
  useAuthenticated();
  return (
    <OnlyFor action="books_audit.read">
      <Audits />
    </OnlyFor>
  );
}

function Audits() {
  const translate = useTranslate();
  const may = useMay();
  const [query] = useSearchParams();
  const { data, error, refetch, fetchNextPage, hasNextPage } = useBooksAudits();
  const [asking, setAsking] = useState(false);
  const word = (name: string) => translate(`kontor.moneyWatch.audits.${name}`);
  const audits = data?.pages.flatMap((page) => page.items);
  const isRunning = audits?.some(({ state }) => state === 'running') === true;
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('books_audit.run') && (
          <Button variant="contained" disabled={isRunning} onClick={() => setAsking(true)}>
            {word('run')}
          </Button>
        )
      }
    >
      {!audits && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {audits?.length === 0 && (
        <Box component="li" sx={{ py: 6, textAlign: 'center' }}>
          {word('empty')}
        </Box>
      )}
      {audits?.map((audit) => (
        <OneAudit key={audit.id} audit={audit} opened={query.get('audit') === audit.id} />
      ))}
      {hasNextPage && (
        <Box component="li" sx={{ py: 1 }}>
          <Button onClick={() => void fetchNextPage()}>{word('more')}</Button>
        </Box>
      )}
      {asking && (
        <ConfirmDialog
          title={word('runTitle')}
          submit={word('run')}
          done={word('begun')}
          wish={() => ({ method: 'POST', path: '/books-audits', body: {} })}
          onClose={() => setAsking(false)}
          onDone={() => void refetch()}
        >
          {word('runText')}
        </ConfirmDialog>
      )}
    </SettingsPage>
  );
}

/** Of what share of an audit each stage is the end; how much a stage has before it, nobody knows. */
const progress = { ledger: 10, payments: 45, refunds: 80, over: 100 } as const;

function OneAudit({ audit, opened }: { audit: BooksAudit; opened: boolean }) {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.moneyWatch.audits.${name}`, values);
  const spelled = (at: string) => spellMoment(new Date(at), now, reader);
  const name = word('name', { time: spelled(audit.begunAt) });
  const counts = [
    word('accounts', { smart_count: audit.accountsChecked }),
    word('payments', { smart_count: audit.paymentsCompared }),
    word('refunds', { smart_count: audit.refundsCompared }),
    ...(audit.feesMinor > 0 ? [word('fees', { sum: spellMoney({ amountMinor: audit.feesMinor, currency: 'RUB' }) })] : []),
  ];
  return (
    <Setting name={name}>
      <Box sx={{ color: 'text.secondary' }}>
        {audit.begunBy ? word('by', { name: audit.begunBy.name }) : word('byItself')} ·{' '}
        <Box component="span" sx={audit.state === 'failed' ? { color: 'error.main', fontWeight: 600 } : {}}>
          {word(`state.${audit.state}`)}
        </Box>
        {audit.endedAt && (
          <>
            {' · '}
            <Moment at={audit.endedAt} />
          </>
        )}
      </Box>
      {audit.state === 'running' && (
        <>
          <LinearProgress
            variant="determinate"
            value={progress[audit.stage]}
            aria-label={name}
            aria-valuetext={word(`stage.${audit.stage}`)}
            sx={{ my: 1, height: 6, borderRadius: 3, maxWidth: 480 }}
          />
          <div>{word(`stage.${audit.stage}`)}</div>
        </>
      )}
      {audit.awaySince && (
        <Box sx={{ color: 'warning.main' }}>
          {word('away', { since: spelled(audit.awaySince), again: audit.againAt ? spelled(audit.againAt) : '—' })}
        </Box>
      )}
      <div>{counts.join(' · ')}</div>
      <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{word('period', { from: spelled(audit.from), to: spelled(audit.to) })}</Box>
      <Findings audit={audit} opened={opened} />
    </Setting>
  );
}

/** What was found, read when somebody wants to see it. */
function Findings({ audit, opened }: { audit: BooksAudit; opened: boolean }) {
  const translate = useTranslate();
  const [open, setOpen] = useState(opened);
  const { data, error, refetch } = useBooksAudit(audit.id, open && audit.findings > 0);
  const word = (name: string, values: Record<string, number> = {}) => translate(`kontor.moneyWatch.audits.${name}`, values);
  if (audit.findings === 0) return audit.state === 'done' ? <div>{word('nothing')}</div> : null;
  return (
    <Box component="details" open={open} sx={{ mt: 0.5 }} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <Box component="summary" sx={{ color: 'error.main', fontWeight: 600 }}>
        {word('findings', { smart_count: audit.findings })}
      </Box>
      {open && !data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, mt: 0.5 }}>
        {data?.cases.map((found) => (
          <OneFinding key={found.id} found={found} />
        ))}
      </Box>
      {open && (
        <Box component={Link} to="/cases" sx={{ color: 'primary.main', fontSize: 13 }}>
          {word('toCases')}
        </Box>
      )}
    </Box>
  );
}

function OneFinding({ found }: { found: BooksAuditPage['cases'][number] }) {
  const translate = useTranslate();
  return (
    <Box component="li" sx={{ py: 0.75 }}>
      {translate(`${moneyCaseWords(found.kind) ?? 'kontor.cases.kind.other'}.title`)}
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {' · '}
        <Moment at={found.openedAt} />
        {found.settledAt !== null && ` · ${translate('kontor.moneyWatch.audits.settled')}`}
      </Box>
      <MoneyCase about={found.about} detail={found.detail} />
    </Box>
  );
}
