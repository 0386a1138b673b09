import { Box } from '@mui/material';
import { Fragment, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import type { StaffMessage } from '../server/answers.ts';

type Diagnostics = NonNullable<StaffMessage['diagnostics']>;

const lines = ['browser', 'productVersion', 'imageTag', 'affectedEmail', 'steps'] as const;

/** What the customer told of the fault's surroundings, and what a report of a fault on the user's side still lacks (SPEC T12). */
export function DiagnosticsFacts({
  message: { diagnostics, attachments },
}: {
  message: Pick<StaffMessage, 'diagnostics' | 'attachments'>;
}) {
  const translate = useTranslate();
  if (!diagnostics) return null;
  const nameOf = (id: string | undefined) => attachments.find((file) => file.id === id)?.name;
  const facts: { name: string; value: ReactNode }[] = [
    ...lines.map((field) => ({ name: field, value: diagnostics[field] })),
    { name: 'objectUrl', value: diagnostics.objectUrl && <ObjectLink address={diagnostics.objectUrl} /> },
    { name: 'containerLog', value: nameOf(diagnostics.containerLog) },
    { name: 'har', value: nameOf(diagnostics.har) },
    { name: 'userSide', value: diagnostics.userSide && translate('kontor.files.diagnostics.yes') },
  ];
  return (
    <Box
      component="section"
      aria-label={translate('kontor.files.diagnostics.label')}
      sx={{ mt: 1, pt: 1, borderTop: 1, borderColor: 'divider', fontSize: 13 }}
    >
      <Box sx={{ color: 'text.secondary', fontSize: 12, fontWeight: 600, mb: 0.5 }}>{translate('kontor.files.diagnostics.label')}</Box>
      <Box
        component="dl"
        sx={{ m: 0, display: 'grid', gridTemplateColumns: 'minmax(96px, max-content) minmax(0, 1fr)', columnGap: 1.5, rowGap: 0.5 }}
      >
        {facts.map(
          ({ name, value }) =>
            value !== undefined &&
            value !== false && (
              <Fragment key={name}>
                <Box component="dt" sx={{ color: 'text.secondary' }}>
                  {translate(`kontor.files.diagnostics.${name}`)}
                </Box>
                <Box component="dd" sx={{ m: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {value}
                </Box>
              </Fragment>
            ),
        )}
      </Box>
      <Lacking asksFor={diagnostics.asksFor} />
    </Box>
  );
}

function Lacking({ asksFor }: { asksFor: Diagnostics['asksFor'] }) {
  const translate = useTranslate();
  if (asksFor.length === 0) return null;
  const what = asksFor.map((field) => translate(`kontor.files.diagnostics.${field}`)).join(', ');
  return (
    <Box data-asks-for sx={{ mt: 0.75, fontWeight: 600 }}>
      {translate('kontor.files.diagnostics.asksFor', { what })}
    </Box>
  );
}

/** A customer's link leads out of the console: it opens beside it, and the other side learns nothing of where it was. */
function ObjectLink({ address }: { address: string }) {
  return (
    <Box component="a" href={address} target="_blank" rel="noopener noreferrer nofollow" sx={{ color: 'primary.main' }}>
      {address}
    </Box>
  );
}
