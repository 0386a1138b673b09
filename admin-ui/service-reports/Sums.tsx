import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { NumberLink } from '../plots/NumberLink.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { clockRunsAddress, type ReportFilter } from './report-filter.ts';
import type { ComplianceReport } from './report-reads.ts';

/** The sums in one line: the share, and what it is made of. */
export function Sums({ report: { total }, filter }: { report: ComplianceReport; filter: ReportFilter }) {
  const translate = useTranslate();
  const words = useNumberWords();
  const word = (name: string) => translate(`kontor.reports.outcome.${name}`);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', columnGap: 2, rowGap: 0.5, mb: 2.5 }}>
      <Box component="strong" sx={{ fontSize: 24, fontWeight: 650, letterSpacing: '-0.01em' }}>
        {total.share === null
          ? translate('kontor.reports.noShare')
          : translate('kontor.reports.share', { share: words.share(total.share) })}
      </Box>
      <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', columnGap: 2, color: 'text.secondary', fontSize: 13 }}>
        <span>
          {word('met')}: <NumberLink value={total.met} to={clockRunsAddress(filter, { outcome: 'met' })} label={word('met')} />
        </span>
        <span>
          {word('breached')}:{' '}
          <NumberLink value={total.breached} to={clockRunsAddress(filter, { outcome: 'breached' })} label={word('breached')} tone="grave" />
          {total.stillOpen > 0 && (
            <>
              {', '}
              {word('stillOpen')}:{' '}
              <NumberLink
                value={total.stillOpen}
                to={clockRunsAddress(filter, { outcome: 'breached', ended: false })}
                label={word('stillOpen')}
              />
            </>
          )}
        </span>
        <span title={translate('kontor.reports.voidHint')}>
          {word('void')}: <NumberLink value={total.void} to={clockRunsAddress(filter, { outcome: 'void' })} label={word('void')} />
        </span>
      </Box>
    </Box>
  );
}
