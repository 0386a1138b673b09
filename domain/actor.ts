import type { CustomerRole, StaffRole } from './permissions.ts';

/** Who acts: a customer in the account he has chosen, or a member of staff. Time has no actor. */
export type Actor = CustomerActor | StaffActor;

export interface CustomerActor {
  readonly kind: 'customer';
  readonly userId: string;
  readonly accountId: string;
  readonly role: CustomerRole;
}

export interface StaffActor {
  readonly kind: 'staff';
  readonly userId: string;
  readonly role: StaffRole;
}
