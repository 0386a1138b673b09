/** What is fuzzed, as whom, and for which share of the time. */
export interface FuzzRun {
  readonly name: string;
  readonly share: number;
  readonly headers: readonly string[];
  /** Which operations, as the tool's own options. */
  readonly operations: readonly string[];
  /** All ticket numbers are this one, so that what lies behind an existing ticket is reached; left out, they are made up. */
  readonly ticket?: string;
  /** Cursors are made up, too. No schema tells a real one from another, so that refusing them must then be allowed. */
  readonly cursors?: boolean;
  /** Checks that would not be honest in this run. */
  readonly withoutChecks?: readonly string[];
}

export interface Credentials {
  readonly customerCookie: string;
  readonly customerToken: string;
  readonly staffCookie: string;
}

/** As one pattern: of several the tool heeds the last. */
const without = (...paths: string[]) => ['--exclude-path-regex', paths.join('|')];
const only = (path: string) => ['--include-path-regex', path];

/** A stream of events does not end, and the tool waits for the end of every answer. */
export const endless = '/events$';

/** Ending a session, leaving an account or the staff, taking somebody's app away: who fuzzes these may be out in the middle. */
const endsSessions = ['/me/sessions', '/account/users', '/v1/staff/'];

/**
 * Two lanes that run side by side, each its runs in order; the shares of a lane add up to one. Signing out would end the
 * session of a run and revoking a token its own, so these are fuzzed by somebody who does not need them.
 */
export function fuzzLanes({ customerCookie, customerToken, staffCookie }: Credentials, ticket: string): FuzzRun[][] {
  const customer = [`Cookie: ${customerCookie}`];
  // The tool takes one credential away to see a 401, while the token goes on being sent.
  const token = { headers: [`Authorization: Bearer ${customerToken}`], withoutChecks: ['ignored_auth'] };
  const staff = [`Cookie: ${staffCookie}`];
  return [
    [
      { name: 'signing in and out', share: 0.15, headers: [], operations: only('/auth/') },
      {
        name: 'customer, by cookie',
        share: 0.35,
        headers: customer,
        operations: [...only('^/api/v1/'), ...without('/auth/', endless, ...endsSessions)],
      },
      { name: 'customer, by token, one ticket', share: 0.35, ...token, operations: only('^/api/v1/tickets/'), ticket },
      {
        name: 'customer, cursors',
        share: 0.15,
        headers: customer,
        operations: only('^/api/v1/(tickets|notifications)'),
        ticket,
        cursors: true,
      },
    ],
    [
      {
        name: 'staff',
        share: 0.45,
        headers: staff,
        operations: [...only('^/api/staff/v1/'), ...without('/auth/', endless, ...endsSessions)],
      },
      { name: 'staff, one ticket', share: 0.4, headers: staff, operations: only('^/api/staff/v1/tickets/'), ticket },
      { name: 'staff, cursors', share: 0.15, headers: staff, operations: only('^/api/staff/v1/tickets'), ticket, cursors: true },
    ],
  ];
}

/** What comes after all others, as it may leave nobody signed in; two lanes again. */
export function lastFuzzLanes({ customerCookie, staffCookie }: Credentials): FuzzRun[][] {
  const of = (tree: string) => only(`^/api/${tree}.*(${endsSessions.join('|')})`);
  return [
    [{ name: 'customer, sessions and members', share: 0.15, headers: [`Cookie: ${customerCookie}`], operations: of('v1') }],
    [{ name: 'staff, sessions and staff', share: 0.15, headers: [`Cookie: ${staffCookie}`], operations: of('staff') }],
  ];
}
