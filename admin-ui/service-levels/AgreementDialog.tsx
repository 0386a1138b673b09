import { Box, Checkbox, FormControlLabel, MenuItem, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { agreementKinds, agreePeriod } from '../../domain/service-level.ts';
import { isRefusal } from '../../domain/errors.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { inPath, type Wish } from '../server/wish.ts';
import { useNow } from '../time/now.ts';
import { useReader } from '../time/reader.ts';
import { instantOfWallClock, wallClockOf } from '../time/spell-time.ts';
import { draftOfOwn, ownOfDraft, OwnTermFields, type OwnDraft, type OwnFault } from './OwnTermFields.tsx';
import { usePlans, useTermsVersions, type Agreement, type Plan, type Terms } from './service-level-reads.ts';
import { targetBounds } from './TargetField.tsx';

interface AgreementForm {
  readonly account: { readonly id: string; readonly name: string };
  readonly agreement: Agreement | undefined;
  /** Told the agreement as it is now. */
  readonly onSaved: (agreement: Agreement) => void;
  readonly onClose: () => void;
}

interface AgreementDraft {
  readonly kind: string;
  readonly plan: string;
  /** Whether the plan is taken over as it is now; otherwise the agreement stays on what was agreed on. */
  readonly takesNewest: boolean;
  readonly own: OwnDraft;
}

type Fault = 'missing' | 'wrongPeriod' | OwnFault;

/** Makes an agreement with a customer, or changes one (SPEC S6). */
export function AgreementDialog({ account, agreement, onSaved, onClose }: AgreementForm) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const now = useNow();
  const [fault, setFault] = useState<Fault>();
  const [draft, setDraft] = useState<AgreementDraft>(() => ({
    kind: agreement?.kind ?? 'enterprise',
    plan: agreement?.plan.id ?? '',
    takesNewest: agreement === undefined,
    own: draftOfOwn(agreement),
  }));
  const change = (more: Partial<AgreementDraft>) => setDraft((before) => ({ ...before, ...more }));
  const base = useBase(draft, agreement);
  const word = (name: string) => translate(`kontor.servicePlans.agreements.form.${name}`, { name: account.name, ...targetBounds() });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const body = bodyOf(form, draft, agreement, timeZone, now);
    setFault(typeof body === 'string' ? body : undefined);
    if (typeof body === 'string') return undefined;
    return agreement
      ? { method: 'PATCH', path: `/agreements/${inPath(agreement.id)}`, body, revision: agreement.revision }
      : { method: 'POST', path: '/agreements', body: { account: account.id, ...body } };
  };
  return (
    <ConfirmDialog
      title={word(agreement ? 'editTitle' : 'makeTitle')}
      submit={word('submit')}
      done={word('done')}
      size="sm"
      wish={wish}
      onDone={(saved) => onSaved(saved as Agreement)}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <KindField value={draft.kind} onChange={(kind) => change({ kind })} />
        <PlanChoice draft={draft} agreement={agreement} onChange={change} />
        <OwnTermFields
          draft={draft.own}
          base={base}
          fault={fault === 'wrongTarget' || fault === 'wrongHours' ? fault : undefined}
          onChange={(own) => change({ own: { ...draft.own, ...own } })}
        />
        <PeriodFields agreement={agreement} wrong={fault === 'wrongPeriod'} />
        <TextField
          name="note"
          size="small"
          multiline
          minRows={2}
          maxRows={8}
          label={word('note')}
          helperText={word('noteHint')}
          defaultValue={agreement?.note ?? ''}
          slotProps={{ htmlInput: { maxLength: 2_000 } }}
        />
        <Box sx={{ color: 'text.secondary' }}>{word('openKeep')}</Box>
        {fault && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word(fault)}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

/** What the chosen plan promises: as it is now, or as it was when it was agreed on. */
function useBase({ plan, takesNewest }: AgreementDraft, agreement: Agreement | undefined): Terms | undefined {
  const agreedOn = agreement?.plan.id === plan && !takesNewest ? agreement.plan.version : undefined;
  const newest = usePlans().data?.find(({ id }) => id === plan)?.terms;
  const versions = useTermsVersions('sla-plans', agreedOn === undefined ? undefined : plan).data;
  return agreedOn === undefined ? newest : versions?.find(({ version }) => version === agreedOn);
}

function KindField({ value, onChange }: { value: string; onChange: (kind: string) => void }) {
  const translate = useTranslate();
  return (
    <TextField
      select
      size="small"
      label={translate('kontor.servicePlans.agreements.form.kind')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {agreementKinds.map((kind) => (
        <MenuItem key={kind} value={kind}>
          {translate(`kontor.servicePlans.agreements.kind.${kind}`)}
        </MenuItem>
      ))}
    </TextField>
  );
}

interface PlanField {
  readonly draft: AgreementDraft;
  readonly agreement: Agreement | undefined;
  readonly onChange: (change: Partial<AgreementDraft>) => void;
}

function PlanChoice({ draft, agreement, onChange }: PlanField) {
  const translate = useTranslate();
  const plans: readonly Pick<Plan, 'id' | 'name'>[] = usePlans().data ?? (agreement ? [agreement.plan] : []);
  const word = (name: string, values: object = {}) => translate(`kontor.servicePlans.agreements.form.${name}`, values);
  const isBehind = agreement?.plan.id === draft.plan && agreement.plan.version !== agreement.plan.newestVersion;
  return (
    <Box>
      <TextField
        select
        fullWidth
        size="small"
        label={word('plan')}
        helperText={word('planHint')}
        value={plans.some(({ id }) => id === draft.plan) ? draft.plan : ''}
        onChange={(event) => onChange({ plan: event.target.value })}
      >
        {plans.map(({ id, name }) => (
          <MenuItem key={id} value={id}>
            {name}
          </MenuItem>
        ))}
      </TextField>
      {isBehind && (
        <FormControlLabel
          control={<Checkbox size="small" checked={draft.takesNewest} onChange={(_event, takesNewest) => onChange({ takesNewest })} />}
          label={word('takeNewest', { version: agreement.plan.newestVersion })}
        />
      )}
    </Box>
  );
}

/** From when till when, by the reader's clock. */
function PeriodFields({ agreement, wrong }: { agreement: Agreement | undefined; wrong: boolean }) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const now = useNow();
  const [begins] = useState(() => wallClockOf(agreement ? new Date(agreement.startsAt) : now, timeZone));
  const word = (name: string) => translate(`kontor.servicePlans.agreements.form.${name}`, { zone: timeZone });
  const hasBegun = agreement?.state === 'standing';
  return (
    <>
      <TextField
        name="startsAt"
        type="datetime-local"
        size="small"
        label={word('startsAt')}
        defaultValue={begins}
        error={wrong}
        helperText={hasBegun && word('begun')}
        slotProps={{ inputLabel: { shrink: true }, htmlInput: { readOnly: hasBegun } }}
      />
      <TextField
        name="endsAt"
        type="datetime-local"
        size="small"
        label={word('endsAt')}
        defaultValue={agreement?.endsAt ? wallClockOf(new Date(agreement.endsAt), timeZone) : ''}
        error={wrong}
        helperText={word('endsHint')}
        slotProps={{ inputLabel: { shrink: true } }}
      />
    </>
  );
}

/** What the API is sent, or why nothing is. Instants that were not touched are left out: fields show no seconds. */
function bodyOf(
  form: HTMLFormElement,
  { kind, plan, takesNewest, own: ownDraft }: AgreementDraft,
  agreement: Agreement | undefined,
  timeZone: string,
  now: Date,
): object | Fault {
  const own = ownOfDraft(ownDraft);
  if (typeof own === 'string') return own;
  const begins = instantTyped(form, 'startsAt', agreement?.startsAt ?? null, timeZone);
  const ends = instantTyped(form, 'endsAt', agreement?.endsAt ?? null, timeZone);
  if (plan === '' || !begins || ends === undefined) return 'missing';
  if (isRefusal(agreePeriod({ startsAt: begins, endsAt: ends }, now))) return 'wrongPeriod';
  const isOther = takesNewest || plan !== agreement?.plan.id;
  const note = formText(form, 'note').trim();
  return {
    kind,
    own,
    ...(isOther ? { plan } : {}),
    ...(begins.toISOString() === agreement?.startsAt ? {} : { startsAt: begins.toISOString() }),
    ...((ends?.toISOString() ?? null) === agreement?.endsAt ? {} : { endsAt: ends?.toISOString() ?? null }),
    note: note === '' ? null : note,
  };
}

/** The instant in a field: the one that was there before where nothing else was typed, null for none, undefined for what is no instant. */
function instantTyped(form: HTMLFormElement, name: string, before: string | null, timeZone: string): Date | null | undefined {
  const typed = formText(form, name);
  if (typed === '') return null;
  if (before !== null && typed === wallClockOf(new Date(before), timeZone)) return new Date(before);
  return instantOfWallClock(typed, timeZone);
}
