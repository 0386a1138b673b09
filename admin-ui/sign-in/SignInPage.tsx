import { Box, Typography } from '@mui/material';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { ReachabilityBanner } from '../failures/ReachabilityBanner.tsx';
import { KontorMark } from '../layout/KontorMark.tsx';
import { LanguageSwitch } from '../layout/LanguageSwitch.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { RecoveryCodes } from '../security/RecoveryCodes.tsx';
import { ThemeSwitch } from '../theme/ThemeSwitch.tsx';
import { FirstAppStep } from './FirstAppStep.tsx';
import { PasswordStep } from './PasswordStep.tsx';
import { SecondFactorStep } from './SecondFactorStep.tsx';
import type { SignInStep } from './sign-in-step.ts';
import { useSignIn } from './use-sign-in.ts';

/** Signing in, step by step (SPEC I2, I3). What went wrong stands in the form, where the eye is. */
export function SignInPage() {
  const [step, setStep] = useState<SignInStep>({ asks: 'password' });
  const [email, setEmail] = useState('');
  const signIn = useSignIn(setStep);
  const beginAnew = () => setStep({ asks: 'password' });
  switch (step.asks) {
    case 'password':
      return (
        <Panel key={step.asks} step={step.asks}>
          <PasswordStep email={email} onEmail={setEmail} attemptOver={step.attemptOver === true} give={signIn} />
        </Panel>
      );
    case 'second_factor':
      return (
        <Panel key={step.asks} step={step.asks} email={email}>
          <SecondFactorStep give={(proof) => signIn({ attempt: step.attempt, proof })} onBack={beginAnew} />
        </Panel>
      );
    case 'app':
      return (
        <Panel key={step.asks} step={step.asks} email={email} wide>
          <FirstAppStep setUp={step.setUp} give={(appCode) => signIn({ attempt: step.attempt, appCode })} onBack={beginAnew} />
        </Panel>
      );
    case 'store_codes':
      return (
        <Panel key={step.asks} step={step.asks} wide>
          <StoreCodesStep codes={step.recoveryCodes} onStored={() => void signIn({ codesStored: true })} />
        </Panel>
      );
  }
}

function StoreCodesStep({ codes, onStored }: { codes: readonly string[]; onStored: () => void }) {
  const translate = useTranslate();
  return <RecoveryCodes codes={codes} goOn={translate('kontor.signIn.open')} onStored={onStored} />;
}

/** The frame of all steps: the mark, what this step is, and the way to another language or theme. */
function Panel({ step, email = '', wide = false, children }: { step: string; email?: string; wide?: boolean; children: ReactNode }) {
  const translate = useTranslate();
  const title = translate(`kontor.signIn.${step}.title`);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Steps that are read before anything is typed begin at their heading; the others have put the focus into their field.
    if (document.activeElement === null || document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <Box sx={{ minHeight: '100dvh', display: 'flex', flexDirection: 'column', bgcolor: 'surface.page', color: 'text.primary' }}>
      <PageTitle>{title}</PageTitle>
      <ReachabilityBanner />
      <Box component="header" sx={{ display: 'flex', justifyContent: 'flex-end', gap: 1, p: 1.5 }}>
        <LanguageSwitch />
        <ThemeSwitch />
      </Box>
      <Box component="main" sx={{ flex: 1, display: 'grid', placeItems: 'center', px: 2, pb: { xs: 4, sm: 12 } }}>
        <Box
          sx={{
            width: '100%',
            maxWidth: wide ? 560 : 360,
            p: { xs: 2.5, sm: 4 },
            bgcolor: 'background.paper',
            border: 1,
            borderColor: 'divider',
            borderRadius: 2,
          }}
        >
          <KontorMark size={36} />
          <Typography variant="h1" component="h1" ref={heading} tabIndex={-1} sx={{ mt: 2, fontSize: 20, outline: 'none' }}>
            {title}
          </Typography>
          <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 3, overflowWrap: 'anywhere' }}>
            {translate(`kontor.signIn.${step}.hint`, { email })}
          </Typography>
          {children}
        </Box>
      </Box>
    </Box>
  );
}
