import { Box, Button, Typography } from '@mui/material';
import { useState } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import type { Locale } from '../../domain/locale.ts';
import { sourceInWords } from '../../domain/service-words.ts';
import { ServiceRetimingDialog } from '../service-retiming/index.ts';
import { useMay } from '../time/reader.ts';
import { AgreementItem, SavingDialog } from './AgreementItem.tsx';
import { useAgreementWords } from './agreement-words.ts';
import { PromiseWords } from './PromiseWords.tsx';
import { useAgreementsOf, useServiceLevelOf, type QueueServiceLevel } from './service-level-reads.ts';

/** On a customer's page: what a new ticket of his would be promised, and why; and his agreements (SPEC S1, S6). */
export function AccountServiceLevel({ account }: { account: { readonly id: string; readonly name: string } }) {
  const translate = useTranslate();
  const may = useMay();
  const [doing, setDoing] = useState<'make' | 'apply'>();
  const close = () => setDoing(undefined);
  const { data: agreements, error } = useAgreementsOf(account.id);
  const word = (name: string) => translate(`kontor.servicePlans.${name}`);
  return (
    <section>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', alignItems: 'baseline', gap: 2, mb: 0.75 }}>
        <Typography variant="h2">{word('account.title')}</Typography>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', justifyContent: 'flex-end' }}>
          {may('service_level.retime') && (
            <Button size="small" onClick={() => setDoing('apply')}>
              {word('account.apply')}
            </Button>
          )}
          {may('agreement.manage') && (
            <Button size="small" onClick={() => setDoing('make')}>
              {word('agreements.make')}
            </Button>
          )}
        </Box>
      </Box>
      {error && !agreements && <Box role="alert">{word('account.failed')}</Box>}
      <Promises account={account.id} />
      {agreements?.length === 0 && <Box sx={{ color: 'text.secondary', fontSize: 13, mt: 1 }}>{word('account.none')}</Box>}
      {agreements && agreements.length > 0 && (
        <Box component="ul" aria-label={word('account.agreements')} sx={{ listStyle: 'none', p: 0, m: 0, mt: 1, fontSize: 13 }}>
          {agreements.map((agreement) => (
            <AgreementItem key={agreement.id} agreement={agreement} />
          ))}
        </Box>
      )}
      {doing === 'make' && <SavingDialog account={account} agreement={undefined} onClose={close} />}
      {doing === 'apply' && <ServiceRetimingDialog scope="account" id={account.id} name={account.name} onClose={close} />}
    </section>
  );
}

/** Queues in which the same would be promised, together. */
function Promises({ account }: { account: string }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const words = useAgreementWords();
  const { data } = useServiceLevelOf(account);
  if (!data) return null;
  const groups = groupsOf(data);
  return (
    <Box sx={{ fontSize: 13 }} data-service-level>
      <Box sx={{ color: 'text.secondary', mb: 0.5 }}>{translate('kontor.servicePlans.account.hint')}:</Box>
      <Box component="dl" sx={{ m: 0, display: 'grid', gap: 1 }}>
        {groups.map(([first, ...others]) => (
          <Box key={first.queue.id}>
            <Box component="dt" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
              {groups.length === 1
                ? translate('kontor.servicePlans.account.everywhere')
                : [first, ...others].map(({ queue }) => queue.name).join(', ')}
            </Box>
            <Box component="dd" sx={{ m: 0 }}>
              {first.promise ? (
                <>
                  <div>
                    {first.promise.plan.name} ·{' '}
                    {first.promise.source === 'queue' && others.length > 0
                      ? translate('kontor.servicePlans.account.defaultOfThese')
                      : sourceInWords(first.promise.source, first.queue.name, locale as Locale)}
                    {first.promise.agreement && `, ${words.period({ state: 'standing', ...first.promise.agreement })}`}
                  </div>
                  <PromiseWords terms={first.promise.terms} />
                </>
              ) : (
                translate('kontor.servicePlans.promise.nothing')
              )}
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

type Group = [QueueServiceLevel, ...QueueServiceLevel[]];

/** Those with the same terms for the same reason are one; the first of each keeps its place. */
function groupsOf(levels: readonly QueueServiceLevel[]): Group[] {
  const groups = new Map<string, Group>();
  for (const level of levels) {
    const key = level.promise ? `${level.promise.source} ${level.promise.terms.id}` : '';
    const group = groups.get(key);
    if (group) group.push(level);
    else groups.set(key, [level]);
  }
  return [...groups.values()];
}
