import { Box, Typography } from '@mui/material';
import { useAuthenticated, useTranslate } from 'react-admin';
import { PageTitle } from '../layout/PageTitle.tsx';
import { FactorSections } from './FactorSections.tsx';
import { PasswordSection } from './PasswordSection.tsx';
import { SessionsSection } from './SessionsSection.tsx';

/** A person's own doors on one page: how he signs in, and where he is signed in (SPEC I3, I5, I6). */
export function SecurityPage() {
  useAuthenticated();
  const translate = useTranslate();
  return (
    <Box sx={{ maxWidth: 960, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{translate('kontor.security.title')}</PageTitle>
      <Typography variant="h1">{translate('kontor.security.title')}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 2.5 }}>{translate('kontor.security.hint')}</Typography>
      <FactorSections />
      <SessionsSection />
      <PasswordSection />
    </Box>
  );
}
