import { Box, Button } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { inPath } from '../server/wish.ts';
import { useMay } from '../time/reader.ts';
import { Setting } from '../timing/SettingsPage.tsx';
import { AgreementDialog } from './AgreementDialog.tsx';
import { useAgreementWords } from './agreement-words.ts';
import { PromiseWords } from './PromiseWords.tsx';
import type { Agreement } from './service-level-reads.ts';
import { useOpenTickets } from './use-open-tickets.tsx';
import { VersionsDialog } from './VersionsDialog.tsx';

type Deed = 'edit' | 'end' | 'versions';

/** One agreement on its customer's page: what it promises, for how long, and what may be done with it. */
export function AgreementItem({ agreement }: { agreement: Agreement }) {
  const translate = useTranslate();
  const may = useMay();
  const words = useAgreementWords();
  const [doing, setDoing] = useState<Deed>();
  const close = () => setDoing(undefined);
  const word = (name: string, values: object = {}) => translate(`kontor.servicePlans.agreements.${name}`, values);
  const [state, period] = [words.state(agreement), words.period(agreement)];
  const deed = (what: Deed) => (
    <Button variant="outlined" aria-label={word(`${what}Of`, { state, period })} onClick={() => setDoing(what)}>
      {word(what)}
    </Button>
  );
  const isOver = agreement.state === 'ended';
  const changes = may('agreement.manage') && !isOver;
  return (
    <Setting
      name={`${agreement.plan.name}, ${period} · ${state}`}
      deeds={
        <>
          {deed('versions')}
          {changes && deed('end')}
          {changes && deed('edit')}
        </>
      }
    >
      <Box sx={isOver ? { color: 'text.secondary' } : {}} data-agreement={agreement.id}>
        <PromiseWords terms={agreement.terms} />
      </Box>
      <Box sx={{ color: 'text.secondary' }}>
        {[word(`kind.${agreement.kind}`), words.own(agreement), word('madeBy', { name: agreement.madeBy.name })].join(' · ')}
      </Box>
      {!isOver && agreement.plan.version !== agreement.plan.newestVersion && (
        <Box sx={{ color: 'text.secondary' }}>
          {word('planMoved', { version: agreement.plan.version, newest: agreement.plan.newestVersion })}
        </Box>
      )}
      {agreement.note !== null && (
        <Box sx={{ color: 'text.secondary', whiteSpace: 'pre-wrap' }}>{word('note', { note: agreement.note })}</Box>
      )}
      {doing === 'versions' && <VersionsDialog of="agreements" id={agreement.id} name={agreement.account.name} onClose={close} />}
      {doing === 'edit' && <SavingDialog account={agreement.account} agreement={agreement} onClose={close} />}
      {doing === 'end' && <EndDialog agreement={agreement} onClose={close} />}
    </Setting>
  );
}

interface Saving {
  readonly account: { readonly id: string; readonly name: string };
  readonly agreement: Agreement | undefined;
  readonly onClose: () => void;
}

/** Makes or changes an agreement; where other things are promised now, it asks what that means for open tickets. */
export function SavingDialog({ account, agreement, onClose }: Saving) {
  const { shown, ask, close } = useOpenTickets(onClose);
  if (shown) return shown;
  const askIfNew = (saved: Agreement) => {
    const isNew = saved.terms.id !== agreement?.terms.id || saved.state !== agreement.state;
    if (saved.state === 'standing' && isNew) ask({ scope: 'account', id: account.id }, account.name);
  };
  return <AgreementDialog account={account} agreement={agreement} onSaved={askIfNew} onClose={close} />;
}

function EndDialog({ agreement, onClose }: { agreement: Agreement; onClose: () => void }) {
  const translate = useTranslate();
  const { shown, ask, close } = useOpenTickets(onClose);
  const { id, account, revision, state } = agreement;
  const word = (name: string) => translate(`kontor.servicePlans.agreements.ending.${name}`, { name: account.name });
  if (shown) return shown;
  const suffix = state === 'coming' ? 'Coming' : '';
  return (
    <ConfirmDialog
      title={word(`title${suffix}`)}
      submit={word(`submit${suffix}`)}
      done={word('done')}
      grave
      wish={() => ({ method: 'POST', path: `/agreements/${inPath(id)}/end`, revision })}
      onDone={() => state === 'standing' && ask({ scope: 'account', id: account.id }, account.name)}
      onClose={close}
    >
      {word(`text${suffix}`)}
    </ConfirmDialog>
  );
}
