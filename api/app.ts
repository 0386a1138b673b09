import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import { staffConsole } from './console.ts';
import type { ApiEnvironment, ApiParts } from './context.ts';
import { boundedBody, discardUnreadBody, identify, jsonOnly, logRequest, secureHeaders } from './middleware/every-request.ts';
import { answerFailure, answerUnknown } from './middleware/failures.ts';
import { apiDocs, openApiDocument } from './openapi.ts';
import { newRouter } from './router.ts';
import { yooKassaWebhook } from './webhooks/yookassa.ts';
import { linkPages } from './pages/index.ts';
import { customerAccount } from './routes/customer/account.ts';
import { customerConsents } from './routes/customer/consents.ts';
import { customerFinance } from './routes/customer/finance.ts';
import { customerEmail } from './routes/customer/email.ts';
import { customerPendingActions } from './routes/customer/pending-actions.ts';
import { eventRoutes } from './routes/events.ts';
import { fileRoutes } from './routes/files.ts';
import { factorRoutes } from './routes/factors.ts';
import { linkRoutes } from './routes/links.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { passwordRoutes } from './routes/password.ts';
import { passwordResetRoutes } from './routes/password-reset.ts';
import { pendingActionLinkRoutes } from './routes/pending-action-links.ts';
import { registrationRoutes } from './routes/registration.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { staffAdjustments } from './routes/staff/adjustments.ts';
import { staffFinancePolicy } from './routes/staff/finance-policy.ts';
import { staffMoneyApprovals } from './routes/staff/money-approvals.ts';
import { staffPayments } from './routes/staff/payments.ts';
import { staffRefunds } from './routes/staff/refunds.ts';
import { staffAudit } from './routes/staff/audit.ts';
import { customerPayments } from './routes/customer/payments.ts';
import { customerOrders } from './routes/customer/orders.ts';
import { customerPromoCodes } from './routes/customer/promo-codes.ts';
import { customerObligations } from './routes/customer/obligations.ts';
import { staffOrders } from './routes/staff/orders.ts';
import { staffPromoCodes } from './routes/staff/promo-codes.ts';
import { staffTaxRates } from './routes/staff/tax-rates.ts';
import { staffFinanceReports } from './routes/staff/finance-reports.ts';
import { staffMoneyOutlook } from './routes/staff/money-outlook.ts';
import { staffLedger } from './routes/staff/ledger.ts';
import { staffBooksAudits } from './routes/staff/books-audits.ts';
import { staffCreditAgeing } from './routes/staff/credit-ageing.ts';
import { staffCustomerFinance } from './routes/staff/customer-finance.ts';
import { staffConsentTexts } from './routes/staff/consent-texts.ts';
import { staffCustomers } from './routes/staff/customers.ts';
import { staffPendingActions } from './routes/staff/pending-actions.ts';
import { staffPeople } from './routes/staff/staff.ts';
import { stepUpRoutes } from './routes/step-up.ts';
import type { SignedInAs } from './auth/sessions.ts';
import { customerQuotes } from './routes/customer/quotes.ts';
import { customerServerAccesses } from './routes/customer/server-accesses.ts';
import { customerProblems } from './routes/customer/problems.ts';
import { customerServiceLevel } from './routes/customer/service-level.ts';
import { customerSupportScope } from './routes/customer/support-scope.ts';
import { customerSeverity } from './routes/customer/ticket-severity.ts';
import { staffAgreements } from './routes/staff/agreements.ts';
import { staffPartners } from './routes/staff/partners.ts';
import { staffProblemAnswers } from './routes/staff/problem-answers.ts';
import { staffProblemTickets } from './routes/staff/problem-tickets.ts';
import { staffProblems } from './routes/staff/problems.ts';
import { staffScopeRefusals } from './routes/staff/scope-refusals.ts';
import { staffSupportScope } from './routes/staff/support-scope.ts';
import { staffTicketFix } from './routes/staff/ticket-fix.ts';
import { staffSeverity } from './routes/staff/ticket-severity.ts';
import { customerReadMarks, staffReadMarks } from './routes/read-marks.ts';
import { customerTickets } from './routes/customer/tickets.ts';
import { customerTokens } from './routes/customer/tokens.ts';
import { health } from './routes/health.ts';
import { customerMe, staffMe } from './routes/me.ts';
import { customerQueues } from './routes/queues.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { staffCalendars } from './routes/staff/calendars.ts';
import { staffCases } from './routes/staff/cases.ts';
import { staffClockRuns } from './routes/staff/clock-runs.ts';
import { staffDrafts } from './routes/staff/drafts.ts';
import { staffHolds } from './routes/staff/holds.ts';
import { staffJobs } from './routes/staff/jobs.ts';
import { staffQueues } from './routes/staff/queues.ts';
import { staffQuotes } from './routes/staff/quotes.ts';
import { staffServerAccesses } from './routes/staff/server-accesses.ts';
import { staffServiceReports } from './routes/staff/service-reports.ts';
import { customerParticipants, staffParticipants } from './routes/participants.ts';
import { staffCannedReplies } from './routes/staff/canned-replies.ts';
import { staffDeskMoves } from './routes/staff/desk-moves.ts';
import { staffSlaPlans } from './routes/staff/sla-plans.ts';
import { staffTickets } from './routes/staff/tickets.ts';
import { staffServiceRetimings } from './routes/staff/service-retimings.ts';
import { staffTimingPolicies } from './routes/staff/timing-policies.ts';

/**
 * The whole HTTP surface. What it needs is handed to it, so that tests drive the very same thing. Throws when a route has no
 * entry in `domain/permissions`.
 */
export function createApp(parts: ApiParts, trees = everyTree()): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.use(identify(parts), logRequest(), secureHeaders(), discardUnreadBody());
  app.use('/api/*', boundedBody(), jsonOnly());

  for (const [tree, routers] of Object.entries(trees)) for (const routes of routers) app.route(tree, routes);
  refuseUndeclaredRoutes(app);

  app.route('/webhooks/yookassa', yooKassaWebhook());
  app.route('/links', linkPages());
  app.route('/health', health());
  app.route(
    '/api',
    // Made for the first who asks: it takes a third of a second and, where Node's nursery is not kept small, 40 MB that stay taken.
    apiDocs(() => openApiDocument(app)),
  );
  if (parts.consoleFolder !== undefined) {
    app.get('/', (c) => c.redirect('/admin/'));
    app.get('/admin', (c) => c.redirect('/admin/'));
    app.route('/admin', staffConsole(parts.consoleFolder));
  }
  app.onError(answerFailure);
  app.notFound(answerUnknown(methodFinder(app)));
  return app;
}

/** The routes under each of the two trees. */
export function everyTree(): Record<'/api/v1' | '/api/staff/v1', OpenAPIHono<ApiEnvironment>[]> {
  return { '/api/v1': customerTree(), '/api/staff/v1': staffTree() };
}

function customerTree(): OpenAPIHono<ApiEnvironment>[] {
  return [
    registrationRoutes(),
    passwordResetRoutes(),
    linkRoutes(),
    pendingActionLinkRoutes(),
    ...ownDoors('customer'),
    customerMe(),
    customerEmail(),
    customerTokens(),
    customerConsents(),
    customerAccount(),
    customerServiceLevel(),
    customerPendingActions(),
    customerQueues(),
    customerTickets(),
    customerReadMarks(),
    customerParticipants(),
    customerSeverity(),
    customerSupportScope(),
    customerProblems(),
    customerQuotes(),
    customerServerAccesses(),
    ...customerMoney(),
    fileRoutes('customer'),
    notificationRoutes('customer'),
    eventRoutes('customer'),
  ];
}

function staffTree(): OpenAPIHono<ApiEnvironment>[] {
  return [
    ...ownDoors('staff'),
    eventRoutes('staff'),
    notificationRoutes('staff'),
    staffDrafts(),
    staffMe(),
    staffQueues(),
    staffTickets(),
    staffReadMarks(),
    staffDeskMoves(),
    staffParticipants(),
    staffCannedReplies(),
    staffSeverity(),
    staffTicketFix(),
    staffScopeRefusals(),
    staffSupportScope(),
    staffPartners(),
    staffProblems(),
    staffProblemTickets(),
    staffProblemAnswers(),
    staffQuotes(),
    staffServerAccesses(),
    fileRoutes('staff'),
    staffHolds(),
    staffJobs(),
    staffTimingPolicies(),
    staffServiceRetimings(),
    staffCalendars(),
    staffSlaPlans(),
    staffServiceReports(),
    staffClockRuns(),
    staffAgreements(),
    staffCases(),
    staffCustomers(),
    staffPeople(),
    staffPendingActions(),
    ...staffMoney(),
    staffConsentTexts(),
    staffAudit(),
  ];
}

/** Everything about money, for those who pay. */
function customerMoney(): OpenAPIHono<ApiEnvironment>[] {
  return [customerFinance(), customerPayments(), customerOrders(), customerPromoCodes(), customerObligations()];
}

/** Everything about money, for staff. */
function staffMoney(): OpenAPIHono<ApiEnvironment>[] {
  return [
    staffCustomerFinance(),
    staffCreditAgeing(),
    staffPayments(),
    staffOrders(),
    staffPromoCodes(),
    staffTaxRates(),
    staffRefunds(),
    staffAdjustments(),
    staffMoneyApprovals(),
    staffFinancePolicy(),
    staffLedger(),
    staffBooksAudits(),
    staffMoneyOutlook(),
    staffFinanceReports(),
  ];
}

/** What a person does about his own doors, under his tree. */
function ownDoors(as: SignedInAs): OpenAPIHono<ApiEnvironment>[] {
  return [signInRoutes(as), stepUpRoutes(as), factorRoutes(as), sessionRoutes(as), passwordRoutes(as)];
}

/**
 * Whatever answers under the two trees was declared with its row of the table (api/route.ts), or is open by its own word:
 * a route that was slipped in beside does not start (SPEC I8).
 */
function refuseUndeclaredRoutes(app: OpenAPIHono<ApiEnvironment>): void {
  const declared = new Set(
    app.openAPIRegistry.definitions.flatMap((definition) =>
      definition.type === 'route' && isDeclared(definition.route)
        ? [`${definition.route.method.toUpperCase()} ${definition.route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`]
        : [],
    ),
  );
  const slippedIn = app.routes.filter(
    ({ method, path }) => /^\/api\/(staff\/)?v1\//.test(path) && method !== 'ALL' && !declared.has(`${method} ${path}`),
  );
  if (slippedIn.length) throw new Error(`routes without an entry in domain/permissions: ${slippedIn.map(({ path }) => path).join(', ')}`);
}

/** Whether a route is for nobody in particular, or each way to come to it names its row of the table. */
function isDeclared({ security }: Pick<RouteConfig, 'security'>): boolean {
  return security?.every((way) => Object.values(way).every((rows) => rows.length > 0)) ?? false;
}

/** Tells which methods an address takes, so that a wrong one is 405 and not 404. */
function methodFinder(app: OpenAPIHono<ApiEnvironment>): (path: string) => string[] {
  const known = app.routes
    .filter((route) => route.method !== 'ALL' && !route.path.includes('*'))
    .map((route) => ({ method: route.method, pattern: new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`) }));
  return (path) => [
    ...new Set(known.filter((route) => route.pattern.test(path)).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : method))),
  ];
}
