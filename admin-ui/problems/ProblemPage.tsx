import BackIcon from '@mui/icons-material/ArrowBack';
import { Box, Button, IconButton, LinearProgress, TextField, Tooltip, Typography } from '@mui/material';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useAuthenticated, useLocaleState, useNotify, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router';
import { FailurePage, ReadFailure } from '../failures/FailurePage.tsx';
import { useFailureWords } from '../failures/FailureText.tsx';
import { formText } from '../form-text.ts';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { isRequestFailure } from '../server/request-failure.ts';
import { inPath, useCarryOut } from '../server/wish.ts';
import { MarkdownText } from '../tickets/MarkdownText.tsx';
import { StatusWords } from '../tickets/StatusWords.tsx';
import { ticketAddress } from '../tickets/TicketTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { AnswerDialog } from './AnswerDialog.tsx';
import { ProblemDialog } from './ProblemDialog.tsx';
import { ProblemWords } from './ProblemWords.tsx';
import { useLinkedTickets, useProblem, useProblemAnswers, type CountedProblem, type ProblemAnswer } from './problem-reads.ts';

/** A problem or a wish: what customers read, the answers that were given, and its tickets (SPEC T20). */
export function ProblemPage() {
  useAuthenticated();
  const translate = useTranslate();
  const { id = '' } = useParams();
  const { data, error, refetch } = useProblem(id);
  if (data) return <Loaded problem={data} />;
  if (!error) return <SlowWait />;
  if (isRequestFailure(error) && error.kind === 'not_found')
    return <FailurePage action={<Back />}>{translate('kontor.problems.notFound')}</FailurePage>;
  return <ReadFailure error={error} retry={() => void refetch()} />;
}

function Back() {
  const translate = useTranslate();
  return (
    <Tooltip title={translate('kontor.problems.back')}>
      <IconButton size="small" component={Link} to="/problems" aria-label={translate('kontor.problems.back')}>
        <BackIcon fontSize="small" />
      </IconButton>
    </Tooltip>
  );
}

function Loaded({ problem }: { problem: CountedProblem }) {
  const translate = useTranslate();
  const may = useMay();
  const [locale] = useLocaleState();
  const [doing, setDoing] = useState<'edit' | 'answer'>();
  const close = () => setDoing(undefined);
  const word = (name: string) => translate(`kontor.problems.${name}`);
  return (
    <Box sx={{ maxWidth: 1080, px: { xs: 2, md: 3 }, py: 2, display: 'flex', flexDirection: 'column', gap: 3 }}>
      <PageTitle>{problem.internalTitle}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start' }}>
        <Back />
        <Box sx={{ flex: '1 1 300px', minWidth: 0, overflowWrap: 'anywhere' }}>
          <Typography variant="h1">{problem.internalTitle}</Typography>
          <ProblemWords problem={problem} />
        </Box>
        {may('problem.manage') && (
          <>
            <Button variant="outlined" onClick={() => setDoing('edit')}>
              {word('edit')}
            </Button>
            <Button variant="contained" onClick={() => setDoing('answer')} disabled={problem.tickets.total === 0}>
              {word('answerAll')}
            </Button>
          </>
        )}
      </Box>
      <Section title={word('customersRead')}>
        <Box sx={{ fontWeight: 600 }}>{problem.title[locale] ?? problem.title['en']}</Box>
        <MarkdownText text={problem.text[locale] ?? problem.text['en'] ?? ''} />
      </Section>
      <Answers id={problem.id} />
      <Tickets problem={problem} />
      {doing === 'edit' && <ProblemDialog problem={problem} onClose={close} />}
      {doing === 'answer' && <AnswerDialog problem={problem} onClose={close} />}
    </Box>
  );
}

function Answers({ id }: { id: string }) {
  const translate = useTranslate();
  const { data } = useProblemAnswers(id);
  if (!data || data.length === 0) return null;
  return (
    <Section title={translate('kontor.problems.answers')}>
      {data.map((answer) => (
        <OneAnswer key={answer.id} answer={answer} />
      ))}
    </Section>
  );
}

/** How far an answer has come; it goes on whether or not anybody looks. */
function OneAnswer({ answer }: { answer: ProblemAnswer }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const { state, done, skipped, total } = answer;
  const label = translate(`kontor.problems.progress.${state}`, { done: done + skipped, total, skipped });
  return (
    <Box data-answer={answer.id} sx={{ py: 1.25, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
        {answer.givenBy.name} · <Moment at={answer.givenAt} />
      </Box>
      <MarkdownText text={answer.text[locale] ?? answer.text['en'] ?? ''} />
      <Box component="output" sx={{ display: 'block', fontSize: 13 }}>
        {label}
      </Box>
      {state === 'running' && (
        <LinearProgress variant="determinate" aria-label={label} value={total === 0 ? 0 : ((done + skipped) / total) * 100} />
      )}
    </Box>
  );
}

function Tickets({ problem }: { problem: CountedProblem }) {
  const translate = useTranslate();
  const may = useMay();
  const carryOut = useCarryOut();
  const notify = useNotify();
  const failureWords = useFailureWords();
  const { data, error, hasNextPage, fetchNextPage } = useLinkedTickets(problem.id);
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  const unlink = async (number: string) => {
    try {
      await carryOut({ method: 'DELETE', path: `/problems/${inPath(problem.id)}/tickets/${inPath(number)}` });
    } catch (failure) {
      notify(failureWords(failure), { type: 'error' });
    }
  };
  return (
    <Section title={translate('kontor.problems.tickets', { smart_count: problem.tickets.total })}>
      {may('problem.manage') && <LinkField id={problem.id} />}
      {error && !data && <Box role="alert">{failureWords(error)}</Box>}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, fontSize: 13 }}>
        {rows.map((ticket) => (
          <Box
            component="li"
            key={ticket.number}
            sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', py: 0.5, borderTop: 1, borderColor: 'divider' }}
          >
            <Box
              component={Link}
              to={ticketAddress(ticket.number)}
              sx={{ flex: '1 1 260px', color: 'text.primary', overflowWrap: 'anywhere' }}
            >
              {ticket.number} {ticket.subject}
            </Box>
            <Box sx={{ color: 'text.secondary' }}>{ticket.account.name}</Box>
            <StatusWords status={ticket.status} />
            {may('problem.manage') && (
              <Button
                size="small"
                aria-label={translate('kontor.problems.unlinkOf', { number: ticket.number })}
                onClick={() => void unlink(ticket.number)}
              >
                {translate('kontor.problems.unlink')}
              </Button>
            )}
          </Box>
        ))}
      </Box>
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{translate('kontor.problems.more')}</Button>}
    </Section>
  );
}

/** Links a ticket by its number, as people write it. */
function LinkField({ id }: { id: string }) {
  const translate = useTranslate();
  const carryOut = useCarryOut();
  const failureWords = useFailureWords();
  const [fault, setFault] = useState<string>();
  const link = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const number = formText(form, 'number').trim();
    if (number === '') return;
    try {
      await carryOut({ method: 'POST', path: `/problems/${inPath(id)}/tickets`, body: { number } });
      setFault(undefined);
      form.reset();
    } catch (failure) {
      setFault(failureWords(failure));
    }
  };
  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event) => void link(event)}
      sx={{ display: 'flex', gap: 1, mb: 1, alignItems: 'flex-start' }}
    >
      <TextField
        name="number"
        size="small"
        label={translate('kontor.problems.linkNumber')}
        error={fault !== undefined}
        helperText={fault}
        slotProps={{ htmlInput: { maxLength: 20, autoComplete: 'off' } }}
      />
      <Button type="submit" variant="outlined">
        {translate('kontor.problems.link')}
      </Button>
    </Box>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Typography variant="h2" sx={{ mb: 0.75 }}>
        {title}
      </Typography>
      {children}
    </section>
  );
}
