import { Button } from '@mui/material';
import { Component, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { FailurePage } from './FailurePage.tsx';

interface State {
  readonly error: Error | undefined;
}

/** Keeps the menu and the rest standing when a page breaks; another address starts afresh (by its key). */
export class BrokenPageBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error ? <BrokenPage error={this.state.error} /> : this.props.children;
  }
}

function BrokenPage({ error }: { error: Error }) {
  const translate = useTranslate();
  // After an update the parts of the older console are gone from the server: loading again brings the newer one.
  const outdated = /dynamically imported module|Importing a module script failed/i.test(error.message);
  return (
    <FailurePage
      title={translate('kontor.failure.page')}
      action={
        <Button variant="contained" onClick={() => window.location.reload()}>
          {translate('kontor.failure.reload')}
        </Button>
      }
    >
      {translate(outdated ? 'kontor.failure.newVersion' : 'kontor.failure.pageHint')}
    </FailurePage>
  );
}
