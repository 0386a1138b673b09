import { Box, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { tableStyle } from '../lists/table-style.ts';
import { NumberLink } from '../plots/NumberLink.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { clockRunsAddress, type ReportFilter } from './report-filter.ts';
import type { Compliance, ComplianceReport } from './report-reads.ts';

/** What the numbers of a row are narrowed to, beside the report's own filter. */
interface ComplianceRow {
  readonly key: string;
  readonly name: ReactNode;
  /** The name as words. */
  readonly label: string;
  readonly sums: Compliance;
  readonly filter: ReportFilter;
}

/** How promises were kept by plan, queue, agent and kind of clock; a group of one says nothing that the sums do not. */
export function ComplianceTables({ report, filter }: { report: ComplianceReport; filter: ReportFilter }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.reports.compliance.${name}`);
  const groups: { name: string; rows: ComplianceRow[] }[] = [
    {
      name: word('plans'),
      rows: report.plans.map(({ plan, ...sums }) => ({
        key: plan.id,
        name: plan.name,
        label: plan.name,
        sums,
        filter: { ...filter, plan: plan.id },
      })),
    },
    {
      name: word('queues'),
      rows: report.queues.map(({ queue, ...sums }) => ({
        key: queue.id,
        name: queue.name,
        label: queue.name,
        sums,
        filter: { ...filter, queue: queue.id },
      })),
    },
    {
      name: word('agents'),
      rows: report.agents.map(({ agent, ...sums }) => ({
        key: agent?.id ?? 'none',
        name: <AgentName agent={agent} />,
        label: agent?.name ?? word('nobody'),
        sums,
        filter: { ...filter, agent: agent?.id ?? 'none' },
      })),
    },
    {
      name: word('kinds'),
      rows: report.kinds.map(({ kind, ...sums }) => ({
        key: kind,
        name: translate(`kontor.reports.kind.${kind}`),
        label: translate(`kontor.reports.kind.${kind}`),
        sums,
        filter: { ...filter, kind },
      })),
    },
  ];
  return (
    <Box sx={gridStyle}>
      {groups.map(({ name, rows }) => (
        <ComplianceTable key={name} name={name} rows={rows} />
      ))}
    </Box>
  );
}

export function AgentName({ agent }: { agent: ComplianceReport['agents'][number]['agent'] }) {
  const translate = useTranslate();
  if (!agent)
    return (
      <Box component="span" title={translate('kontor.reports.compliance.nobodyHint')} sx={{ color: 'text.secondary' }}>
        {translate('kontor.reports.compliance.nobody')}
      </Box>
    );
  if (!agent.left) return agent.name;
  return (
    <Box component="span" title={translate('kontor.reports.compliance.leftHint')} sx={{ color: 'text.secondary' }}>
      {translate('kontor.reports.filter.left', { name: agent.name })}
    </Box>
  );
}

function ComplianceTable({ name, rows }: { name: string; rows: readonly ComplianceRow[] }) {
  const translate = useTranslate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'), { noSsr: true });
  const word = (key: string) => translate(`kontor.reports.${key}`);
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography component="h3" sx={{ fontSize: 13, fontWeight: 600, mb: 0.5 }}>
        {name}
      </Typography>
      {narrow ? (
        <Cards name={name} rows={rows} />
      ) : (
        <Box component="table" aria-label={name} sx={{ ...tableStyle, ...insetStyle }}>
          <thead>
            <tr>
              <th scope="col">{word('compliance.name')}</th>
              <Box component="th" scope="col" sx={{ width: 108 }}>
                {word('compliance.share')}
              </Box>
              {numberColumns.map(({ name: column, width }) => (
                <Box
                  component="th"
                  scope="col"
                  key={column}
                  title={column === 'void' ? word('voidHint') : undefined}
                  sx={{ '&&': { width, textAlign: 'right' } }}
                >
                  {word(`outcome.${column}`)}
                </Box>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <Box component="th" scope="row" title={row.label} sx={rowHeading}>
                  {row.name}
                </Box>
                <td>
                  <Share share={row.sums.share} />
                </td>
                {numbersOf(row, word).map(({ key, link }) => (
                  <Box component="td" key={key} sx={{ textAlign: 'right' }}>
                    {link}
                  </Box>
                ))}
              </tr>
            ))}
          </tbody>
        </Box>
      )}
    </Box>
  );
}

function numbersOf({ label, sums, filter }: ComplianceRow, word: (key: string) => string) {
  const link = (key: 'met' | 'breached' | 'stillOpen' | 'void', choice: Parameters<typeof clockRunsAddress>[1], tone?: 'grave') => ({
    key,
    word: word(`outcome.${key}`),
    value: sums[key],
    link: <NumberLink value={sums[key]} to={clockRunsAddress(filter, choice)} label={`${label}, ${word(`outcome.${key}`)}`} tone={tone} />,
  });
  return [
    link('met', { outcome: 'met' }),
    link('breached', { outcome: 'breached' }, 'grave'),
    link('stillOpen', { outcome: 'breached', ended: false }),
    link('void', { outcome: 'void' }),
  ];
}

/** The same on a narrow screen: two lines each. */
function Cards({ name, rows }: { name: string; rows: readonly ComplianceRow[] }) {
  const translate = useTranslate();
  const word = (key: string) => translate(`kontor.reports.${key}`);
  return (
    <Box component="ul" aria-label={name} sx={{ listStyle: 'none', m: 0, p: 0, fontSize: 13 }}>
      {rows.map((row) => (
        <Box component="li" key={row.key} sx={{ py: 1, borderBottom: 1, borderColor: 'divider' }}>
          <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1 }}>
            <Box sx={{ minWidth: 0, overflowWrap: 'anywhere', fontWeight: 550 }}>{row.name}</Box>
            <Share share={row.sums.share} />
          </Box>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, color: 'text.secondary' }}>
            {numbersOf(row, word)
              .filter(({ value }) => value > 0)
              .map(({ key, word: what, link }) => (
                <Box component="span" key={key} sx={{ py: 0.5 }}>
                  {what}: {link}
                </Box>
              ))}
          </Box>
        </Box>
      ))}
    </Box>
  );
}

/** A share in words with a bar beside it; nothing has none. */
export function Share({ share }: { share: number | null }) {
  const words = useNumberWords();
  if (share === null)
    return (
      <Box component="span" sx={{ color: 'text.secondary' }}>
        —
      </Box>
    );
  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1, whiteSpace: 'nowrap' }}>
      <Box
        component="span"
        aria-hidden
        sx={{ width: 36, height: 6, borderRadius: 1, overflow: 'hidden', bgcolor: 'error.main', display: 'inline-flex', flexShrink: 0 }}
      >
        <Box
          component="span"
          sx={{ width: `${share * 100}%`, bgcolor: 'primary.main', borderRight: share < 1 ? 1 : 0, borderColor: 'background.default' }}
        />
      </Box>
      {words.share(share)}
    </Box>
  );
}

const insetStyle = { '& th:first-of-type': { pl: 0 }, '& td:first-of-type': { pl: 1 } } as const;
/** Side by side where each has room for its name. */
const gridStyle = {
  display: 'grid',
  gap: 3,
  alignItems: 'start',
  gridTemplateColumns: 'minmax(0, 1fr)',
  '@media (min-width: 1400px)': { gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' },
} as const;

/** As wide as the word above needs, in either language. */
const numberColumns = [
  { name: 'met', width: 66 },
  { name: 'breached', width: 94 },
  { name: 'stillOpen', width: 88 },
  { name: 'void', width: 90 },
] as const;
const rowHeading = {
  '&&&': { position: 'static', fontWeight: 400, fontSize: 13, color: 'text.primary', height: 38 },
} as const;
