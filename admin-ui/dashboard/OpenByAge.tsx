import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { SlowWait } from '../layout/SlowWait.tsx';
import { tableStyle } from '../lists/table-style.ts';
import { Columns, type Tone } from '../plots/Columns.tsx';
import { NumbersSection, PlotOrTable } from '../plots/Figure.tsx';
import { Legend } from '../plots/Legend.tsx';
import { NumberLink } from '../plots/NumberLink.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { useReport, type OpenTicketsReport } from '../service-reports/report-reads.ts';
import { deskViewAddress } from '../tickets/desk-views.ts';

type Status = OpenTicketsReport['states'][number]['status'];
type Age = OpenTicketsReport['ages'][number];

/** What is ours to do has the accent; what waits for the customer is quiet. */
const tones: Readonly<Record<Status, Tone>> = { awaiting_staff: 'calm', in_progress: 'soft', awaiting_customer: 'quiet' };

/** Open tickets by state and age: where work piles up. */
export function OpenByAge() {
  const translate = useTranslate();
  const { data } = useReport('open-tickets', {});
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.reports.overview.${name}`, values);
  return (
    <NumbersSection title={word('open')}>
      {!data ? (
        <SlowWait />
      ) : data.total === 0 ? (
        <Box sx={{ color: 'text.secondary', fontSize: 13, py: 2 }}>{word('noOpen')}</Box>
      ) : (
        <PlotOrTable
          name={word('open')}
          caption={
            <Legend parts={data.states.map(({ status }) => ({ tone: tones[status], name: translate(`kontor.status.${status}`) }))} />
          }
          plot={<AgePlot report={data} />}
          table={<AgeTable report={data} />}
        />
      )}
    </NumbersSection>
  );
}

function addressOf({ createdFrom, createdBefore }: Age, status?: Status): string {
  return deskViewAddress('active', {
    ...(status ? { status } : {}),
    createdFrom: createdFrom ?? undefined,
    createdBefore: createdBefore ?? undefined,
  });
}

function useAgeWords(): (age: Age) => string {
  const translate = useTranslate();
  const word = (name: string, values: Record<string, number> = {}) => translate(`kontor.reports.overview.ages.${name}`, values);
  return ({ overDays, upToDays }) =>
    overDays === null
      ? word('underOne')
      : upToDays === null
        ? word('over', { from: overDays })
        : word('upTo', { from: overDays, to: upToDays });
}

function AgePlot({ report: { ages, states, total } }: { report: OpenTicketsReport }) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const { count } = useNumberWords();
  const ageWords = useAgeWords();
  const columns = ages.map((age, at) => {
    const told = states.filter(({ tickets }) => tickets[at]! > 0);
    return {
      key: String(at),
      tick: age.upToDays === null ? `> ${age.overDays}` : `${age.overDays ?? 0}–${age.upToDays}`,
      title: [ageWords(age), ...told.map(({ status, tickets }) => `${translate(`kontor.status.${status}`)}: ${count(tickets[at]!)}`)].join(
        '\n',
      ),
      parts: states.map(({ status, tickets }) => ({ tone: tones[status], value: tickets[at]! })),
    };
  });
  const label = translate('kontor.reports.overview.openLabel', { smart_count: total });
  return (
    <Columns label={label} columns={columns} ticks={columns.length} onChoose={(key) => void navigate(addressOf(ages[Number(key)]!))} />
  );
}

function AgeTable({ report: { ages, states } }: { report: OpenTicketsReport }) {
  const translate = useTranslate();
  const ageWords = useAgeWords();
  return (
    <Box component="table" aria-label={translate('kontor.reports.overview.open')} sx={{ ...tableStyle, '& th': headingStyle }}>
      <thead>
        <tr>
          <th scope="col">{translate('kontor.reports.overview.age')}</th>
          {states.map(({ status }) => (
            <th scope="col" key={status}>
              {translate(`kontor.status.${status}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ages.map((age, at) => (
          <tr key={age.overDays}>
            <td>{ageWords(age)}</td>
            {states.map(({ status, tickets }) => (
              <td key={status}>
                <NumberLink
                  value={tickets[at]!}
                  to={addressOf(age, status)}
                  label={`${ageWords(age)}, ${translate(`kontor.status.${status}`)}`}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Box>
  );
}

const headingStyle = { ...tableStyle['& th'], whiteSpace: 'normal', lineHeight: 1.2 } as const;
