import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import type { StaffPermission } from '../../domain/permissions.ts';
import { PageTitle } from '../layout/PageTitle.tsx';
import { useMay } from '../time/reader.ts';
import { FailurePage, ToTickets } from './FailurePage.tsx';

/** A page of those whose role includes this. Others, who typed its address, are told so; the API would refuse them too. */
export function OnlyFor({ action, children }: { action: StaffPermission; children: ReactNode }) {
  const translate = useTranslate();
  const may = useMay();
  if (may(action)) return children;
  return (
    <>
      <PageTitle>{translate('kontor.failure.notPermittedTitle')}</PageTitle>
      <FailurePage title={translate('kontor.failure.notPermittedTitle')} action={<ToTickets />}>
        {translate('kontor.failure.not_permitted')}
      </FailurePage>
    </>
  );
}
