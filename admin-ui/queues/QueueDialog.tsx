import { Box, Checkbox, FormControlLabel, MenuItem, TextField } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { useKontor } from '../server/use-kontor.ts';
import { usePlans } from '../service-levels/service-level-reads.ts';
import { inPath, type Wish } from '../server/wish.ts';
import { usePolicies, type QueueSettings } from '../timing/timing-reads.ts';

/** What was chosen, for whoever must know whether timing and promise are others now. */
export interface SavedQueue {
  readonly policyId: string;
  /** Empty: nothing is promised by default. */
  readonly planId: string;
}

interface QueueForm {
  readonly queue: QueueSettings | undefined;
  readonly onSaved: (saved: SavedQueue) => void;
  readonly onClose: () => void;
}

/** Makes a queue, or changes one: its names, its timing, what it promises, its staff and its duty list (SPEC T1, T8, S1). */
export function QueueDialog({ queue, onSaved, onClose }: QueueForm) {
  const translate = useTranslate();
  const [missing, setMissing] = useState(false);
  const [policyId, setPolicyId] = useState(queue?.timingPolicy.id ?? '');
  const [planId, setPlanId] = useState(queue?.slaPlan?.id ?? '');
  const word = (name: string) => translate(`kontor.timing.queues.form.${name}`, { name: queue?.name ?? '' });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const body = bodyOf(form, { policyId, planId }, queue === undefined);
    setMissing(!body);
    if (!body) return undefined;
    return queue
      ? { method: 'PATCH', path: `/queues/${inPath(queue.id)}`, body, revision: queue.revision }
      : { method: 'POST', path: '/queues', body };
  };
  return (
    <ConfirmDialog
      title={word(queue ? 'editTitle' : 'makeTitle')}
      submit={word('submit')}
      done={word('done')}
      size="sm"
      wish={wish}
      onDone={() => onSaved({ policyId, planId })}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        {!queue && (
          <TextField
            name="category"
            size="small"
            label={word('category')}
            helperText={word('categoryHint')}
            slotProps={{ htmlInput: { maxLength: 40 } }}
          />
        )}
        {(['en', 'ru'] as const).map((locale) => (
          <TextField
            key={locale}
            name={locale === 'en' ? 'nameEn' : 'nameRu'}
            size="small"
            label={word(locale === 'en' ? 'nameEn' : 'nameRu')}
            defaultValue={queue?.names[locale] ?? ''}
            slotProps={{ htmlInput: { lang: locale, maxLength: 100 } }}
          />
        ))}
        <PolicyField value={policyId} onChange={setPolicyId} />
        <PlanField value={planId} onChange={setPlanId} />
        <TextField
          name="position"
          size="small"
          label={word('position')}
          defaultValue={queue?.position ?? 100}
          slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 5 } }}
        />
        <Box>
          <Flag name="acceptsNew" label={word('acceptsNew')} on={queue?.acceptsNew ?? true} />
          <Flag name="reopen" label={word('reopen')} on={queue?.reopenAfterManualClose ?? true} />
        </Box>
        <People name="staff" label={word('staff')} chosen={queue?.staff ?? []} />
        <People name="duty" label={word('duty')} chosen={queue?.duty ?? []} />
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

function PolicyField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const translate = useTranslate();
  const policies = usePolicies().data ?? [];
  const shown = policies.some((policy) => policy.id === value) ? value : '';
  return (
    <TextField
      select
      size="small"
      label={translate('kontor.timing.queues.form.policy')}
      helperText={translate('kontor.timing.queues.form.policyHint')}
      value={shown}
      onChange={(event) => onChange(event.target.value)}
    >
      {policies.map((policy) => (
        <MenuItem key={policy.id} value={policy.id}>
          {policy.name}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** What is promised where neither an agreement nor a licence promises anything. */
function PlanField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const translate = useTranslate();
  const plans = usePlans().data ?? [];
  const word = (name: string) => translate(`kontor.servicePlans.queue.${name}`);
  return (
    <TextField
      select
      size="small"
      label={word('field')}
      helperText={word('fieldHint')}
      value={plans.some(({ id }) => id === value) ? value : ''}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="">{word('nothing')}</MenuItem>
      {plans.map(({ id, name }) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}

function Flag({ name, label, on, value = 'on' }: { name: string; label: string; on: boolean; value?: string }) {
  return (
    <FormControlLabel
      sx={{ display: 'flex' }}
      control={<Checkbox size="small" name={name} value={value} defaultChecked={on} />}
      label={label}
    />
  );
}

function People({ name, label, chosen }: { name: string; label: string; chosen: readonly { readonly id: string }[] }) {
  const dataProvider = useKontor();
  const { data } = useQuery({ queryKey: ['colleagues'], queryFn: () => dataProvider.colleagues() });
  return (
    <Box
      component="fieldset"
      sx={{ border: 1, borderColor: 'divider', borderRadius: 1, px: 1.5, py: 0.5, m: 0, maxHeight: 180, overflowY: 'auto' }}
    >
      <Box component="legend" sx={{ px: 0.5, fontSize: 12, color: 'text.secondary' }}>
        {label}
      </Box>
      {data
        ?.filter((colleague) => colleague.disabledAt === null)
        .map((colleague) => (
          <Flag
            key={colleague.id}
            name={name}
            value={colleague.id}
            label={colleague.name}
            on={chosen.some((person) => person.id === colleague.id)}
          />
        ))}
    </Box>
  );
}

/** What the API is sent; undefined when a field holds nothing it could take. */
function bodyOf(form: HTMLFormElement, { policyId: timingPolicy, planId }: SavedQueue, isNew: boolean): object | undefined {
  const data = new FormData(form);
  const [en, ru] = [formText(form, 'nameEn').trim(), formText(form, 'nameRu').trim()];
  const category = formText(form, 'category').trim();
  if (en === '' || timingPolicy === '' || (isNew && !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(category))) return undefined;
  const position = Number(formText(form, 'position'));
  return {
    ...(isNew ? { category } : {}),
    names: { en, ...(ru === '' ? {} : { ru }) },
    timingPolicy,
    slaPlan: planId === '' ? null : planId,
    position: Number.isInteger(position) && position >= 0 ? position : 100,
    acceptsNew: data.has('acceptsNew'),
    reopenAfterManualClose: data.has('reopen'),
    staff: data.getAll('staff'),
    duty: data.getAll('duty'),
  };
}
