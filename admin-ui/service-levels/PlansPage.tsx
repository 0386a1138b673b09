import { Box, Button, Checkbox, FormControlLabel } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { inPath } from '../server/wish.ts';
import { ServiceRetimingDialog } from '../service-retiming/index.ts';
import { useMay } from '../time/reader.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { PlanDialog } from './PlanDialog.tsx';
import { PromiseWords } from './PromiseWords.tsx';
import { agreementsAddress, usePlans, type Plan } from './service-level-reads.ts';
import { useOpenTickets } from './use-open-tickets.tsx';
import { VersionsDialog } from './VersionsDialog.tsx';

/** Service plans: what is promised to whom, and what goes by it (SPEC S1). */
export function PlansPage() {
  useAuthenticated();
  return (
    <OnlyFor action="sla_plan.read">
      <Plans />
    </OnlyFor>
  );
}

type Deed = 'edit' | 'versions' | 'apply' | 'withdraw' | 'restore';
type Doing = { readonly what: 'make' } | { readonly what: Deed; readonly plan: Plan };

function Plans() {
  const translate = useTranslate();
  const may = useMay();
  const [withdrawn, setWithdrawn] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  const { data, error, refetch } = usePlans(withdrawn);
  const word = (name: string) => translate(`kontor.servicePlans.plans.${name}`);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('sla_plan.manage') && (
          <Button variant="contained" onClick={() => setDoing({ what: 'make' })}>
            {word('make')}
          </Button>
        )
      }
    >
      <Box component="li" sx={{ pb: 1 }}>
        <FormControlLabel
          control={<Checkbox size="small" checked={withdrawn} onChange={(_event, checked) => setWithdrawn(checked)} />}
          label={word('withdrawnOnes')}
        />
      </Box>
      {!data && <li>{error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}</li>}
      {data?.length === 0 && (
        <Box component="li" sx={{ py: 4, color: 'text.secondary' }}>
          {word(withdrawn ? 'noneWithdrawn' : 'empty')}
        </Box>
      )}
      {data?.map((plan) => (
        <OnePlan key={plan.id} plan={plan} onDo={(what) => setDoing({ what, plan })} />
      ))}
      {doing && (
        <li>
          <PlanDialogs doing={doing} onClose={() => setDoing(undefined)} />
        </li>
      )}
    </SettingsPage>
  );
}

function OnePlan({ plan, onDo }: { plan: Plan; onDo: (what: Deed) => void }) {
  const translate = useTranslate();
  const may = useMay();
  const word = (name: string, values: object = {}) => translate(`kontor.servicePlans.plans.${name}`, values);
  const isUsed = plan.queues.length > 0 || plan.agreements > 0;
  const deed = (what: Deed) => (
    <Button variant="outlined" aria-label={word(`${what}Of`, { name: plan.name })} onClick={() => onDo(what)}>
      {word(what)}
    </Button>
  );
  return (
    <Setting
      name={plan.name}
      deeds={
        <>
          {deed('versions')}
          {may('service_level.retime') && !plan.withdrawn && isUsed && deed('apply')}
          {may('sla_plan.manage') && plan.withdrawn && deed('restore')}
          {may('sla_plan.manage') && !plan.withdrawn && !isUsed && deed('withdraw')}
          {may('sla_plan.manage') && !plan.withdrawn && deed('edit')}
        </>
      }
    >
      <PromiseWords terms={plan.terms} />
      <Box sx={{ color: 'text.secondary' }}>
        {word('version', { version: plan.terms.version })} · {word('rank', { rank: plan.rank })}
      </Box>
      <Box sx={{ color: 'text.secondary' }}>
        {plan.queues.length > 0 && <div>{word('queues', { queues: plan.queues.map(({ name }) => name).join(', ') })}</div>}
        {plan.agreements > 0 && (
          <Box component={Link} to={agreementsAddress({ plan: plan.id })} sx={{ color: 'primary.main' }}>
            {word('agreements', { smart_count: plan.agreements })}
          </Box>
        )}
        {!isUsed && word('unused')}
      </Box>
    </Setting>
  );
}

function PlanDialogs({ doing, onClose }: { doing: Doing; onClose: () => void }) {
  switch (doing.what) {
    case 'make':
      return <PlanDialog plan={undefined} onSaved={() => {}} onClose={onClose} />;
    case 'edit':
      return <EditDialog plan={doing.plan} onClose={onClose} />;
    case 'apply':
      return <ServiceRetimingDialog scope="plan" id={doing.plan.id} name={doing.plan.name} onClose={onClose} />;
    case 'versions':
      return <VersionsDialog of="sla-plans" id={doing.plan.id} name={doing.plan.name} onClose={onClose} />;
    case 'withdraw':
    case 'restore':
      return <WithdrawalDialog plan={doing.plan} what={doing.what} onClose={onClose} />;
  }
}

/** Saves the change; where other things are promised now, it asks what that means for open tickets. */
function EditDialog({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { shown, ask, close } = useOpenTickets(onClose);
  if (shown) return shown;
  const askIfNew = (saved: Plan) => {
    if (saved.terms.id !== plan.terms.id) ask({ scope: 'plan', id: plan.id }, saved.name);
  };
  return <PlanDialog plan={plan} onSaved={askIfNew} onClose={close} />;
}

function WithdrawalDialog({ plan, what, onClose }: { plan: Plan; what: 'withdraw' | 'restore'; onClose: () => void }) {
  const translate = useTranslate();
  const word = (name: string) =>
    translate(`kontor.servicePlans.plans.${what === 'withdraw' ? 'withdrawal' : 'restoration'}.${name}`, { name: plan.name });
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      wish={() => ({
        method: what === 'withdraw' ? 'POST' : 'DELETE',
        path: `/sla-plans/${inPath(plan.id)}/withdrawal`,
        revision: plan.revision,
      })}
      onClose={onClose}
    >
      {word('text')}
    </ConfirmDialog>
  );
}
