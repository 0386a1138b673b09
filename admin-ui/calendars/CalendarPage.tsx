import BackIcon from '@mui/icons-material/ArrowBack';
import { Alert, Box, Button, IconButton, Tooltip, Typography } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useLocaleState, useTranslate } from 'react-admin';
import { Link, useParams, useSearchParams } from 'react-router';
import { calendarYears } from '../../domain/calendar-definition.ts';
import type { Locale } from '../../domain/locale.ts';
import { localDate } from '../../domain/missing-year.ts';
import { workingTimeInWords } from '../../domain/service-words.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { FailurePage, ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { isRequestFailure } from '../server/request-failure.ts';
import { inPath } from '../server/wish.ts';
import { agreementsAddress } from '../service-levels/service-level-reads.ts';
import { ServiceRetimingDialog } from '../service-retiming/index.ts';
import { Moment } from '../time/Moment.tsx';
import { useNow } from '../time/now.ts';
import { useMay } from '../time/reader.ts';
import { CalendarDialog } from './CalendarDialog.tsx';
import { useCalendar, type Calendar, type UsedCalendar } from './calendar-reads.ts';
import { useCalendarWords } from './calendar-words.ts';
import { CalendarVersionsDialog } from './CalendarVersionsDialog.tsx';
import { YearView } from './YearView.tsx';

/** A working calendar: when it is worked, a year at a glance, and what is counted by it (SPEC S2). */
export function CalendarPage() {
  useAuthenticated();
  return (
    <OnlyFor action="calendar.read">
      <ReadCalendar />
    </OnlyFor>
  );
}

function ReadCalendar() {
  const translate = useTranslate();
  const { id = '' } = useParams();
  const { data, error, refetch } = useCalendar(id);
  if (data) return <Loaded calendar={data} />;
  if (!error) return <SlowWait />;
  if (isRequestFailure(error) && error.kind === 'not_found')
    return <FailurePage action={<Back />}>{translate('kontor.calendars.page.notFound')}</FailurePage>;
  return <ReadFailure error={error} retry={() => void refetch()} />;
}

function Back() {
  const label = useTranslate()('kontor.calendars.page.back');
  return (
    <Tooltip title={label}>
      <IconButton size="small" component={Link} to="/calendars" aria-label={label}>
        <BackIcon fontSize="small" />
      </IconButton>
    </Tooltip>
  );
}

type Doing = 'edit' | 'versions' | 'withdraw' | 'retime';

function Loaded({ calendar }: { calendar: UsedCalendar }) {
  const [doing, setDoing] = useState<Doing>();
  const [year, setYear] = useShownYear(calendar);
  // Open tickets go by the earlier version until somebody says otherwise: he is asked where there are any.
  const tellIfNew = (saved: Calendar) => {
    if (saved.version !== calendar.version && calendar.uses.tickets > 0) setDoing('retime');
  };
  return (
    <Box sx={{ maxWidth: 1180, px: { xs: 2, md: 3 }, py: 2, display: 'flex', flexDirection: 'column', gap: 2.5 }}>
      <PageTitle>{calendar.name}</PageTitle>
      <Head calendar={calendar} onDo={setDoing} />
      <YearView calendar={calendar} year={year} onYear={setYear} onSaved={tellIfNew} />
      <Uses calendar={calendar} />
      {doing && (
        <Dialogs
          doing={doing}
          calendar={calendar}
          onSaved={tellIfNew}
          onClose={(which) => setDoing((now) => (now === which ? undefined : now))}
        />
      )}
    </Box>
  );
}

/** The year in the address, else the present one by the calendar's clocks. */
function useShownYear({ zone }: UsedCalendar): [number, (year: number) => void] {
  const now = useNow();
  const [search, setSearch] = useSearchParams();
  const given = search.get('year') ?? '';
  const { first, last } = calendarYears;
  const wanted = /^\d{4}$/.test(given) ? Number(given) : Number(localDate(zone, now).slice(0, 4));
  return [Math.min(Math.max(wanted, first), last), (year) => setSearch({ year: String(year) }, { replace: true })];
}

function Head({ calendar, onDo }: { calendar: UsedCalendar; onDo: (what: Doing) => void }) {
  const translate = useTranslate();
  const may = useMay();
  const [locale] = useLocaleState();
  const words = useCalendarWords();
  const word = (name: string) => translate(`kontor.calendars.page.${name}`);
  const { uses, region, honourShortDays, version, withdrawnAt } = calendar;
  const isUsed = uses.plans.length > 0 || uses.agreements > 0 || uses.tickets > 0;
  const mayEdit = may('calendar.manage') && withdrawnAt === null;
  const deeds: readonly (readonly [Doing, string, boolean])[] = [
    ['versions', word('versions'), true],
    ['retime', word('apply'), mayEdit && uses.tickets > 0],
    ['withdraw', word('withdraw'), mayEdit && !isUsed],
    ['edit', word('edit'), mayEdit],
  ];
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start' }}>
      <Back />
      <Box sx={{ flex: '1 1 300px', minWidth: 0, overflowWrap: 'anywhere' }}>
        <Typography variant="h1">{calendar.name}</Typography>
        <Box>
          {workingTimeInWords(calendar, locale as Locale)}
          {honourShortDays && ` · ${translate('kontor.calendars.list.shortDays')}`}
        </Box>
        <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
          {translate('kontor.calendars.list.version', { version })}
          {region !== null && ` · ${translate('kontor.calendars.list.follows', { region: words.region(region) })}`}
        </Box>
        {withdrawnAt !== null && <Withdrawn at={withdrawnAt} />}
      </Box>
      {deeds.map(
        ([what, name, isOffered]) =>
          isOffered && (
            <Button key={what} variant="outlined" onClick={() => onDo(what)}>
              {name}
            </Button>
          ),
      )}
    </Box>
  );
}

function Withdrawn({ at }: { at: string }) {
  const translate = useTranslate();
  const [before = '', after = ''] = translate('kontor.calendars.page.withdrawn', { time: '|' }).split('|');
  return (
    <Alert severity="warning" variant="outlined" sx={{ mt: 1, color: 'text.primary' }}>
      {before}
      <Moment at={at} as="moment" />
      {after}
    </Alert>
  );
}

/** What deadlines are counted by it for, each with the way there. */
function Uses({ calendar: { uses } }: { calendar: UsedCalendar }) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.calendars.page.${name}`, values);
  const link = (to: string, words: string) => (
    <Box component={Link} to={to} sx={{ color: 'primary.main' }}>
      {words}
    </Box>
  );
  const counted = 5_000;
  return (
    <section>
      <Typography variant="h2" sx={{ mb: 0.5 }}>
        {word('uses')}
      </Typography>
      <Box sx={{ fontSize: 13 }}>
        <div>
          {uses.plans.length === 0
            ? word('noPlans')
            : link('/sla-plans', word('plans', { plans: uses.plans.map(({ name }) => name).join(', ') }))}
        </div>
        {uses.agreements > 0 && <div>{link(agreementsAddress({}), word('agreements', { smart_count: uses.agreements }))}</div>}
        {uses.tickets > 0 && <div>{word(uses.tickets < counted ? 'tickets' : 'ticketsMore', { smart_count: uses.tickets })}</div>}
      </Box>
    </section>
  );
}

interface Shown {
  readonly doing: Doing;
  readonly calendar: UsedCalendar;
  readonly onSaved: (calendar: Calendar) => void;
  /** Closes this one; another may have taken its place. */
  readonly onClose: (which: Doing) => void;
}

function Dialogs({ doing, calendar, onSaved, onClose }: Shown) {
  const { id, name } = calendar;
  switch (doing) {
    case 'edit':
      return <CalendarDialog calendar={calendar} onSaved={onSaved} onClose={() => onClose('edit')} />;
    case 'versions':
      return <CalendarVersionsDialog calendar={calendar} onClose={() => onClose('versions')} />;
    case 'withdraw':
      return <WithdrawalDialog calendar={calendar} onClose={() => onClose('withdraw')} />;
    case 'retime':
      return <ServiceRetimingDialog scope="calendar" id={id} name={name} onClose={() => onClose('retime')} />;
  }
}

function WithdrawalDialog({ calendar: { id, name, revision }, onClose }: { calendar: UsedCalendar; onClose: () => void }) {
  const translate = useTranslate();
  const word = (key: string) => translate(`kontor.calendars.withdrawal.${key}`, { name });
  return (
    <ConfirmDialog
      grave
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      wish={() => ({ method: 'POST', path: `/calendars/${inPath(id)}/withdrawal`, revision })}
      onClose={onClose}
    >
      {word('text')}
    </ConfirmDialog>
  );
}
