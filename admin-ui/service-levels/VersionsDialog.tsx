import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { useId } from 'react';
import { useTranslate } from 'react-admin';
import { useFailureWords } from '../failures/FailureText.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Moment } from '../time/Moment.tsx';
import { PromiseWords } from './PromiseWords.tsx';
import { useTermsVersions } from './service-level-reads.ts';

interface Versions {
  readonly of: 'sla-plans' | 'agreements';
  readonly id: string;
  /** What the plan, or the customer of the agreement, is called. */
  readonly name: string;
  readonly onClose: () => void;
}

/** What a plan, or an agreement, has promised so far: versions never change, and tickets go on naming them. */
export function VersionsDialog({ of, id, name, onClose }: Versions) {
  const translate = useTranslate();
  const failureWords = useFailureWords();
  const titleId = useId();
  const { data, error } = useTermsVersions(of, id);
  const word = (key: string, values: object = {}) => translate(`kontor.servicePlans.versions.${key}`, values);
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{word('title', { name })}</DialogTitle>
      <DialogContent sx={{ fontSize: 14 }}>
        {!data && (error ? <Box role="alert">{failureWords(error)}</Box> : <SlowWait />)}
        <Box component="ol" reversed aria-label={word('label')} sx={{ listStyle: 'none', p: 0, m: 0 }}>
          {data?.map((terms) => (
            <Box component="li" key={terms.id} sx={{ py: 1.25, borderTop: 1, borderColor: 'divider' }}>
              <Box sx={{ fontWeight: 600 }}>
                {word('version')} {terms.version}
              </Box>
              <PromiseWords terms={terms} />
              <Box sx={{ color: 'text.secondary' }}>
                {terms.madeBy ? (
                  <>
                    {word('since')}: <Moment at={terms.madeAt} as="moment" /> · {terms.madeBy.name}
                  </>
                ) : (
                  word('installed')
                )}
              </Box>
            </Box>
          ))}
        </Box>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" onClick={onClose}>
          {word('close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
