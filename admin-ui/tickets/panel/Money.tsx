import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../../domain/money.ts';
import { customerAddress } from '../../customers/customer-address.ts';
import { spellPercent } from '../../finance/CustomerMoney.tsx';
import { useFinance } from '../../finance/finance-reads.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { linkStyle, PanelSection } from './PanelSection.tsx';

/** What the customer has and may owe, beside the conversation (SPEC T13). */
export function Money({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.finance.${name}`, values);
  const { data } = useFinance(ticket.account.id);
  if (!data) return null;
  const { balance, creditLimit, discountPercent, overdue, frozen } = data;
  const facts = [
    `${word('balance')} ${spellMoney(balance)}`,
    creditLimit.amountMinor > 0 && `${word('panelLimit')} ${spellMoney(creditLimit)}`,
    discountPercent > 0 && `−${spellPercent(discountPercent)}\u00a0%`,
  ].filter((fact) => fact !== false);
  return (
    <PanelSection
      title={word('title')}
      action={
        <Box component={Link} to={`${customerAddress(ticket.account.id)}#money`} sx={linkStyle}>
          {word('panelMore')}
        </Box>
      }
    >
      <Box sx={{ fontVariantNumeric: 'tabular-nums' }}>{facts.join(' · ')}</Box>
      {overdue.amountMinor > 0 && <Box sx={{ color: 'warning.main' }}>{word('overdueShort', { sum: spellMoney(overdue) })}</Box>}
      {frozen && <Box sx={{ color: 'error.main', fontWeight: 600 }}>{word('frozenShort')}</Box>}
    </PanelSection>
  );
}
