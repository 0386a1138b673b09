import { Box, Button } from '@mui/material';
import { useRef, useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { warns } from '../../domain/timing-policy.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { useQueues } from '../queues/queues.ts';
import { inPath } from '../server/wish.ts';
import { useMay, useSpellDurationInWords } from '../time/reader.ts';
import { PolicyDialog } from './PolicyDialog.tsx';
import { RetimingDialog } from './RetimingDialog.tsx';
import { Setting, SettingsPage } from './SettingsPage.tsx';
import { usePolicies, type Policy } from './timing-reads.ts';

/** Timing policies: when tickets close and leave by themselves (SPEC T8). */
export function TimingPage() {
  useAuthenticated();
  return (
    <OnlyFor action="timing_policy.read">
      <Policies />
    </OnlyFor>
  );
}

type Doing = { readonly what: 'make' } | { readonly what: 'edit' | 'apply' | 'remove'; readonly policy: Policy };

function Policies() {
  const translate = useTranslate();
  const may = useMay();
  const { data, error, refetch } = usePolicies();
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  const word = (name: string) => translate(`kontor.timing.policies.${name}`);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('timing_policy.manage') && (
          <Button variant="contained" onClick={() => setDoing({ what: 'make' })}>
            {word('make')}
          </Button>
        )
      }
    >
      {!data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {data?.map((policy) => (
        <OnePolicy key={policy.id} policy={policy} onDo={(what) => setDoing({ what, policy })} />
      ))}
      {doing?.what === 'make' && <PolicyDialog policy={undefined} onSaved={close} onClose={close} />}
      {doing?.what === 'edit' && <EditDialog policy={doing.policy} onClose={close} />}
      {doing?.what === 'apply' && <RetimingDialog policy={doing.policy} queues={null} onClose={close} />}
      {doing?.what === 'remove' && <RemovalDialog policy={doing.policy} onClose={close} />}
    </SettingsPage>
  );
}

function OnePolicy({ policy, onDo }: { policy: Policy; onDo: (what: 'edit' | 'apply' | 'remove') => void }) {
  const translate = useTranslate();
  const may = useMay();
  const inWords = useSpellDurationInWords();
  const queues = useQueues().filter((queue) => policy.queues.includes(queue.id));
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.timing.policies.${name}`, values);
  const deed = (what: 'edit' | 'apply' | 'remove') => (
    <Button variant="outlined" aria-label={word(`${what}Of`, { name: policy.name })} onClick={() => onDo(what)}>
      {word(what)}
    </Button>
  );
  const deeds = may('timing_policy.manage') && (
    <>
      {policy.queues.length > 0 ? deed('apply') : deed('remove')}
      {deed('edit')}
    </>
  );
  return (
    <Setting name={policy.name} deeds={deeds}>
      <div>
        {[
          word('closes', { duration: inWords(policy.autoCloseAfterSeconds) }),
          warns(policy) ? word('warns', { duration: inWords(policy.warnBeforeSeconds) }) : word('warnsNever'),
          word('archives', { duration: inWords(policy.archiveAfterSeconds) }),
        ].join(' · ')}
      </div>
      <Box sx={{ color: 'text.secondary' }}>
        {policy.queues.length === 0 ? word('unused') : word('usedBy', { queues: queues.map((queue) => queue.name).join(', ') })}
      </Box>
    </Setting>
  );
}

/** Saves the change, then asks what it means for open tickets. */
function EditDialog({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const [asks, setAsks] = useState(false);
  // The first dialog closes when it is done; the second takes its place then.
  const saved = useRef(false);
  if (asks) return <RetimingDialog policy={policy} queues={null} onClose={onClose} />;
  const save = () => {
    saved.current = policy.queues.length > 0;
    setAsks(saved.current);
  };
  return <PolicyDialog policy={policy} onSaved={save} onClose={() => saved.current || onClose()} />;
}

function RemovalDialog({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.timing.policies.removal.${name}`, { name: policy.name });
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      grave
      wish={() => ({ method: 'DELETE', path: `/timing-policies/${inPath(policy.id)}`, revision: policy.revision })}
      onClose={onClose}
    >
      {word('text')}
    </ConfirmDialog>
  );
}
