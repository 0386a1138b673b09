/**
 * Who may do what (SPEC I8): one table of role × action. Every route names its action; the console shows and hides by
 * the same table. Whether the thing is the caller's own is asked in every query, not here.
 */
export const customerRoles = ['owner', 'technical', 'billing'] as const;
export type CustomerRole = (typeof customerRoles)[number];

export const staffRoles = ['support', 'billing', 'administrator'] as const;
export type StaffRole = (typeof staffRoles)[number];

const everyCustomer: readonly CustomerRole[] = customerRoles;
const everyStaff: readonly StaffRole[] = staffRoles;
const desk: readonly StaffRole[] = ['support', 'administrator'];

/** What members of an account may do with what is the account's. */
export const customerActionRoles = {
  'me.read': everyCustomer,
  'me.change': everyCustomer,
  'token.read': everyCustomer,
  'token.create': everyCustomer,
  'token.revoke': everyCustomer,
  'queue.read': everyCustomer,
  'ticket.read': everyCustomer,
  'ticket.open': everyCustomer,
  'ticket.reply': everyCustomer,
  'ticket.resolve': everyCustomer,
  'notification.read': everyCustomer,
} as const satisfies Record<string, readonly CustomerRole[]>;

/** What staff may do. Billing clerks read the desk; they do not answer for it. */
export const staffActionRoles = {
  'me.read': everyStaff,
  'me.change': everyStaff,
  'queue.read': everyStaff,
  'ticket.read': everyStaff,
  'ticket.answer': desk,
  'ticket.note': everyStaff,
  'ticket.work': desk,
  'hold.read': everyStaff,
  'hold.place': ['administrator'],
  'case.read': everyStaff,
  'case.settle': desk,
} as const satisfies Record<string, readonly StaffRole[]>;

export type CustomerAction = keyof typeof customerActionRoles;
export type StaffPermission = keyof typeof staffActionRoles;

export function customerMay(role: CustomerRole, action: CustomerAction): boolean {
  return customerActionRoles[action].includes(role);
}

export function staffMay(role: StaffRole, action: StaffPermission): boolean {
  return (staffActionRoles[action] as readonly StaffRole[]).includes(role);
}
