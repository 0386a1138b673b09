/**
 * Who may do what (SPEC I8): one table of role × action. Every route names its action; the console shows and hides by
 * the same table, and the scopes of API tokens are its rows (SPEC I7). Whether the thing is the caller's own is asked in
 * every query, not here.
 */
export const customerRoles = ['owner', 'technical', 'billing'] as const;
export type CustomerRole = (typeof customerRoles)[number];

export const staffRoles = ['support', 'billing', 'administrator'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** One row of the table: which roles may do it, and how they must come. */
interface Rule<Role> {
  readonly roles: readonly Role[];
  /** Only somebody who signed in, never a token: what guards the doors is not for programs. */
  readonly signedIn?: true;
  /** Asks for a fresh code, not older than {@link stepUpSeconds} (SPEC I10). */
  readonly stepUp?: true;
}

const everyCustomer: readonly CustomerRole[] = customerRoles;
const everyStaff: readonly StaffRole[] = staffRoles;
const owner: readonly CustomerRole[] = ['owner'];
const payers: readonly CustomerRole[] = ['owner', 'billing'];
const desk: readonly StaffRole[] = ['support', 'administrator'];
const administrator: readonly StaffRole[] = ['administrator'];
const clerks: readonly StaffRole[] = ['billing', 'administrator'];

/** What members of an account may do with what is the account's, or their own. */
export const customerActions = {
  'me.read': { roles: everyCustomer },
  'me.change': { roles: everyCustomer },
  'me.password': { roles: everyCustomer, signedIn: true, stepUp: true },
  'me.email': { roles: everyCustomer, signedIn: true, stepUp: true },
  'me.step_up': { roles: everyCustomer, signedIn: true },
  'factor.read': { roles: everyCustomer, signedIn: true },
  'factor.change': { roles: everyCustomer, signedIn: true, stepUp: true },
  'session.read': { roles: everyCustomer, signedIn: true },
  'session.revoke': { roles: everyCustomer, signedIn: true },
  'token.read': { roles: everyCustomer },
  'token.create': { roles: everyCustomer, signedIn: true, stepUp: true },
  'token.revoke': { roles: everyCustomer },
  'consent.read': { roles: everyCustomer },
  'consent.change': { roles: everyCustomer, signedIn: true },
  'account.read': { roles: everyCustomer },
  'account.change': { roles: owner },
  'account.switch': { roles: everyCustomer, signedIn: true },
  'account.leave': { roles: everyCustomer, signedIn: true },
  'member.read': { roles: everyCustomer },
  // Whoever makes himself an owner has the account for good: an open browser alone is not enough.
  'member.manage': { roles: owner, signedIn: true, stepUp: true },
  'invitation.read': { roles: owner, signedIn: true },
  'pending_action.read': { roles: everyCustomer },
  'pending_action.veto': { roles: everyCustomer, signedIn: true },
  'queue.read': { roles: everyCustomer },
  'ticket.read': { roles: everyCustomer },
  'ticket.open': { roles: everyCustomer },
  'ticket.reply': { roles: everyCustomer },
  'ticket.resolve': { roles: everyCustomer },
  'ticket.participant': { roles: everyCustomer },
  'ticket.severity': { roles: everyCustomer },
  'file.upload': { roles: everyCustomer },
  'file.read': { roles: everyCustomer },
  'scope.read': { roles: everyCustomer },
  'quote.read': { roles: everyCustomer },
  // Accepting spends the account's money: technicians may look, not buy.
  'quote.answer': { roles: payers },
  'server_access.read': { roles: everyCustomer },
  'server_access.grant': { roles: ['owner', 'technical'], signedIn: true },
  'problem.read': { roles: everyCustomer },
  // What an account has and owes is for those who pay for it; technicians see a quote's price, not the books.
  'balance.read': { roles: payers },
  'payment.read': { roles: payers },
  'payment.make': { roles: payers },
  'order.read': { roles: payers },
  'order.place': { roles: payers },
  'promo_code.preview': { roles: payers },
  'obligation.read': { roles: payers },
  'event.read': { roles: everyCustomer },
  'notification.read': { roles: everyCustomer },
} as const satisfies Record<string, Rule<CustomerRole>>;

/** What staff may do. Billing clerks read the desk; they do not answer for it. */
export const staffActions = {
  'me.read': { roles: everyStaff },
  'me.change': { roles: everyStaff },
  'me.password': { roles: everyStaff, stepUp: true },
  'me.step_up': { roles: everyStaff },
  'factor.read': { roles: everyStaff },
  'factor.change': { roles: everyStaff, stepUp: true },
  'session.read': { roles: everyStaff },
  'session.revoke': { roles: everyStaff },
  'queue.read': { roles: everyStaff },
  'ticket.read': { roles: everyStaff },
  'ticket.answer': { roles: desk },
  'ticket.note': { roles: everyStaff },
  'ticket.work': { roles: desk },
  'ticket.assign': { roles: desk },
  'ticket.merge': { roles: desk },
  'ticket.open': { roles: desk },
  'ticket.severity': { roles: desk },
  'ticket.participant': { roles: desk },
  'ticket.draft': { roles: everyStaff },
  'file.upload': { roles: everyStaff },
  'file.read': { roles: everyStaff },
  'canned_reply.read': { roles: everyStaff },
  'canned_reply.manage': { roles: desk },
  'scope.read': { roles: everyStaff },
  'scope.manage': { roles: administrator },
  'partner.manage': { roles: administrator },
  'quote.read': { roles: everyStaff },
  'quote.offer': { roles: desk },
  'server_access.read': { roles: desk },
  'server_access.reveal': { roles: desk, stepUp: true },
  'problem.read': { roles: everyStaff },
  'problem.manage': { roles: desk },
  'queue.manage': { roles: administrator },
  'timing_policy.read': { roles: everyStaff },
  'timing_policy.manage': { roles: administrator },
  'calendar.read': { roles: everyStaff },
  'calendar.manage': { roles: administrator },
  'sla_plan.read': { roles: everyStaff },
  'sla_plan.manage': { roles: administrator },
  'agreement.read': { roles: everyStaff },
  'agreement.manage': { roles: administrator },
  'service_level.retime': { roles: administrator },
  'service_report.read': { roles: everyStaff },
  'job.read': { roles: everyStaff },
  'job.stop': { roles: desk },
  'event.read': { roles: everyStaff },
  'notification.read': { roles: everyStaff },
  'hold.read': { roles: everyStaff },
  'hold.place': { roles: administrator },
  'case.read': { roles: everyStaff },
  'case.settle': { roles: everyStaff },
  'customer.read': { roles: everyStaff },
  'customer.email': { roles: desk, stepUp: true },
  'customer.factor_reset': { roles: desk, stepUp: true },
  'customer.password_reset': { roles: desk },
  'pending_action.read': { roles: everyStaff },
  'pending_action.approve': { roles: desk, stepUp: true },
  'pending_action.withdraw': { roles: desk },
  'staff.read': { roles: everyStaff },
  'staff.manage': { roles: administrator, stepUp: true },
  'consent_text.read': { roles: everyStaff },
  'consent_text.publish': { roles: administrator, stepUp: true },
  // An agent sees what a customer has beside his ticket; moving money is for clerks.
  'finance.read': { roles: everyStaff },
  'ledger.read': { roles: clerks },
  'ledger.export': { roles: clerks, stepUp: true },
  'credit_limit.set': { roles: clerks, stepUp: true },
  'discount.set': { roles: clerks, stepUp: true },
  'tax_profile.set': { roles: clerks },
  'spending.unfreeze': { roles: clerks, stepUp: true },
  'payment.chargeback': { roles: clerks, stepUp: true },
  'payment.ask': { roles: clerks },
  'refund.make': { roles: clerks, stepUp: true },
  'adjustment.make': { roles: clerks, stepUp: true },
  'money.approve': { roles: clerks, stepUp: true },
  'money.withdraw': { roles: clerks },
  'promo_code.read': { roles: everyStaff },
  'promo_code.manage': { roles: clerks },
  'tax_rate.read': { roles: everyStaff },
  'tax_rate.manage': { roles: administrator },
  'finance_policy.read': { roles: clerks },
  'finance_policy.manage': { roles: administrator, stepUp: true },
  'books_audit.read': { roles: clerks },
  'books_audit.run': { roles: clerks },
  'finance_report.read': { roles: clerks },
  'audit.read': { roles: administrator },
  'audit.export': { roles: administrator, stepUp: true },
} as const satisfies Record<string, Rule<StaffRole>>;

export type CustomerAction = keyof typeof customerActions;
export type StaffPermission = keyof typeof staffActions;

/** How long a fresh code opens what asks for one, in seconds (SPEC I10). */
export const stepUpSeconds = 5 * 60;

/** The rule of a customer's action. Throws for what has no row: a route that names it does not start. */
export function customerRule(action: CustomerAction): Rule<CustomerRole> {
  return ruleIn(customerActions, action);
}

/** The rule of a staff permission; the same. */
export function staffRule(permission: StaffPermission): Rule<StaffRole> {
  return ruleIn(staffActions, permission);
}

function ruleIn<Found>(table: Readonly<Record<string, Found>>, action: string): Found {
  const rule = Object.hasOwn(table, action) ? table[action] : undefined;
  if (!rule) throw new Error(`${action} is not in the table of roles and actions`);
  return rule;
}

export function customerMay(role: CustomerRole, action: CustomerAction): boolean {
  return customerRule(action).roles.includes(role);
}

export function staffMay(role: StaffRole, permission: StaffPermission): boolean {
  return staffRule(permission).roles.includes(role);
}

/** What a token may be given: the rows of the table that a program may use (SPEC I7). */
export const tokenScopes = (Object.keys(customerActions) as CustomerAction[]).filter((action) => !customerRule(action).signedIn);
