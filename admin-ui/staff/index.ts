import { lazy } from 'react';

export const staff = { list: lazy(async () => ({ default: (await import('./StaffList.tsx')).StaffList })) };

export const RolesPage = lazy(async () => ({ default: (await import('./RolesPage.tsx')).RolesPage }));
