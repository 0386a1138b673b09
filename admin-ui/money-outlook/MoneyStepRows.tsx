import { Box, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { moneyAddress } from '../cases/money-cases.ts';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { useNow } from '../time/now.ts';
import { useReaderTime } from '../time/reader.ts';
import { spellMoment } from '../time/spell-time.ts';
import type { MoneyStep } from './outlook-reads.ts';

/** Steps of money, the next first: as a table, and on a narrow screen as cards. */
export function MoneyStepRows({ steps }: { steps: readonly MoneyStep[] }) {
  const translate = useTranslate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const word = (name: string) => translate(`kontor.moneyWatch.outlook.${name}`);
  if (narrow) return <Cards steps={steps} />;
  return <DataTable label={word('list')} columns={columnsIn(word)} rows={steps} inset />;
}

function columnsIn(word: (name: string) => string): readonly Column<MoneyStep>[] {
  return [
    { name: 'when', heading: word('when'), width: 190, cell: (step) => <When step={step} /> },
    { name: 'what', heading: word('what'), cell: (step) => <What step={step} /> },
    { name: 'sum', heading: word('sum'), width: 150, cell: (step) => <Sum step={step} /> },
    { name: 'flow', heading: word('flow'), width: 190, cell: (step) => <Flow step={step} /> },
    { name: 'customer', heading: word('customer'), cell: (step) => <Customer step={step} /> },
  ];
}

function Cards({ steps }: { steps: readonly MoneyStep[] }) {
  return (
    <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
      {steps.map((step) => (
        <Box component="li" key={step.id} sx={{ py: 1.25, borderTop: 1, borderColor: 'divider' }}>
          <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1 }}>
            <What step={step} />
            <Sum step={step} />
          </Box>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, fontSize: 13, color: 'text.secondary' }}>
            <When step={step} />
            <Flow step={step} />
            <Customer step={step} />
          </Box>
        </Box>
      ))}
    </Box>
  );
}

function When({ step: { dueAt, hold } }: { step: MoneyStep }) {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const held = hold && (hold.until === null ? 'held' : 'heldUntil');
  return (
    <>
      <Moment at={dueAt} as="moment" />
      {held && (
        <Box component="span" sx={{ color: 'warning.main' }}>
          {' · '}
          {translate(`kontor.moneyWatch.outlook.${held}`, {
            time: hold.until === null ? '' : spellMoment(new Date(hold.until), now, reader),
          })}
        </Box>
      )}
      {!held && new Date(dueAt) < now && (
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {' · '}
          {translate('kontor.moneyWatch.outlook.late')}
        </Box>
      )}
    </>
  );
}

function What({ step: { what, about } }: { step: MoneyStep }) {
  const translate = useTranslate();
  const words = translate(`kontor.moneyWatch.outlook.kinds.${what}`);
  const link = moneyAddress(about);
  if (!link) return <span>{words}</span>;
  return (
    <Box
      component={Link}
      to={link.to}
      data-row
      sx={{ color: 'text.primary', textDecoration: 'none', '&:hover': { textDecoration: 'underline' } }}
    >
      {words}
    </Box>
  );
}

function Sum({ step: { amount } }: { step: MoneyStep }) {
  return (
    <Box component="span" sx={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
      {amount ? spellMoney(amount) : '—'}
    </Box>
  );
}

function Flow({ step: { flow, certain } }: { step: MoneyStep }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.moneyWatch.outlook.${name}`);
  return (
    <span>
      {word(`flows.${flow}`)}
      {flow !== 'none' && (
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {' · '}
          {word(certain ? 'certain' : 'possible')}
        </Box>
      )}
    </span>
  );
}

function Customer({ step: { account } }: { step: MoneyStep }) {
  if (!account) return <span>—</span>;
  return (
    <Box component={Link} to={`/customers/${account.id}/show`} sx={{ color: 'primary.main' }}>
      {account.name}
    </Box>
  );
}
