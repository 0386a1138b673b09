import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { linksOfCase, sumIn } from './money-cases.ts';

/** Of a case about money: the sums on both sides, and where to look. */
export function MoneyCase({ about, detail }: { about: string; detail: Readonly<Record<string, string>> }) {
  const translate = useTranslate();
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.moneyWatch.cases.${name}`, values);
  const links = linksOfCase({ about, detail });
  const [here, there] = [sumIn({ about, detail }, 'here'), sumIn({ about, detail }, 'there')];
  if (links.length === 0 && !here && !there) return null;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, rowGap: 0.5, mt: 0.75, fontVariantNumeric: 'tabular-nums' }}>
      {here && <span>{word('sumHere', { sum: spellMoney(here) })}</span>}
      {there && <span>{word('sumThere', { sum: spellMoney(there) })}</span>}
      {links.map(({ name, to }) => (
        <Box key={to} component={Link} to={to} sx={{ color: 'primary.main' }}>
          {word(`links.${name}`)}
        </Box>
      ))}
    </Box>
  );
}
