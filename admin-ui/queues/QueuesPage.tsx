import { Box, Button } from '@mui/material';
import { useRef, useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { ServiceRetimingDialog } from '../service-retiming/index.ts';
import { useMay } from '../time/reader.ts';
import { RetimingDialog } from '../timing/RetimingDialog.tsx';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { usePolicies, useQueueSettings, type QueueSettings } from '../timing/timing-reads.ts';
import { QueueDialog, type SavedQueue } from './QueueDialog.tsx';

/** Queues: their names, their timing, who works there and who is told of what is urgent (SPEC T1, T8). */
export function QueuesPage() {
  useAuthenticated();
  return (
    <OnlyFor action="queue.read">
      <Queues />
    </OnlyFor>
  );
}

type Doing = { readonly what: 'make' } | { readonly what: 'edit' | 'apply'; readonly queue: QueueSettings };

function Queues() {
  const translate = useTranslate();
  const may = useMay();
  const { data, error, refetch } = useQueueSettings();
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  const word = (name: string) => translate(`kontor.timing.queues.${name}`);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('queue.manage') && (
          <Button variant="contained" onClick={() => setDoing({ what: 'make' })}>
            {word('make')}
          </Button>
        )
      }
    >
      {!data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {data?.map((queue) => (
        <OneQueue key={queue.id} queue={queue} onDo={(what) => setDoing({ what, queue })} />
      ))}
      {doing?.what === 'make' && <QueueDialog queue={undefined} onSaved={close} onClose={close} />}
      {doing?.what === 'edit' && <EditDialog queue={doing.queue} onClose={close} />}
      {doing?.what === 'apply' && <ServiceRetimingDialog scope="queue" id={doing.queue.id} name={doing.queue.name} onClose={close} />}
    </SettingsPage>
  );
}

function OneQueue({ queue, onDo }: { queue: QueueSettings; onDo: (what: 'edit' | 'apply') => void }) {
  const translate = useTranslate();
  const may = useMay();
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.timing.queues.${name}`, values);
  const people = (list: QueueSettings['staff']) => (list.length === 0 ? word('nobody') : list.map((person) => person.name).join(', '));
  const notes = [
    queue.category,
    queue.timingPolicy.name,
    ...(queue.acceptsNew ? [] : [word('withdrawn')]),
    ...(queue.reopenAfterManualClose ? [] : [word('readOnly')]),
  ];
  return (
    <Setting
      name={queue.name}
      deeds={
        may('queue.manage') && (
          <>
            {may('service_level.retime') && (
              <Button variant="outlined" aria-label={word('applyOf', { name: queue.name })} onClick={() => onDo('apply')}>
                {word('apply')}
              </Button>
            )}
            <Button variant="outlined" aria-label={word('editOf', { name: queue.name })} onClick={() => onDo('edit')}>
              {word('edit')}
            </Button>
          </>
        )
      }
    >
      <div>{notes.join(' · ')}</div>
      <div>
        {queue.slaPlan
          ? translate('kontor.servicePlans.queue.promises', { plan: queue.slaPlan.name })
          : translate('kontor.servicePlans.queue.promisesNothing')}
      </div>
      <Box sx={{ color: 'text.secondary' }}>{word('staff', { people: people(queue.staff) })}</Box>
      <Box sx={{ color: 'text.secondary' }}>{word('duty', { people: people(queue.duty) })}</Box>
    </Setting>
  );
}

/** Saves the change; where the timing, or what is promised, is another one now, it asks what that means for open tickets. */
function EditDialog({ queue, onClose }: { queue: QueueSettings; onClose: () => void }) {
  const policies = usePolicies().data ?? [];
  const [saved, setSaved] = useState<SavedQueue>();
  const [step, setStep] = useState<'timing' | 'promise'>('timing');
  // The first dialog closes when it is done; the next takes its place then.
  const goesOn = useRef(false);
  const isOther = ({ policyId, planId }: SavedQueue) => ({
    timing: policyId !== queue.timingPolicy.id,
    promise: planId !== (queue.slaPlan?.id ?? ''),
  });
  const save = (now: SavedQueue) => {
    const { timing, promise } = isOther(now);
    goesOn.current = timing || promise;
    if (goesOn.current) setSaved(now);
  };
  if (!saved) return <QueueDialog queue={queue} onSaved={save} onClose={() => goesOn.current || onClose()} />;
  const { timing, promise } = isOther(saved);
  const policy = policies.find(({ id }) => id === saved.policyId);
  if (timing && policy && step === 'timing')
    return (
      <RetimingDialog policy={policy} queues={[queue.id]} goesOn={promise} onClose={() => (promise ? setStep('promise') : onClose())} />
    );
  return <ServiceRetimingDialog scope="queue" id={queue.id} name={queue.name} onClose={onClose} />;
}
