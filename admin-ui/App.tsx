import { QueryClient } from '@tanstack/react-query';
import { Admin, CustomRoutes, Resource } from 'react-admin';
import { BrowserRouter, Route } from 'react-router';
import { audit } from './audit/index.ts';
import { authProvider } from './auth-provider.ts';
import { BooksAuditsPage } from './books-audits/index.ts';
import { CalendarPage, CalendarsPage } from './calendars/index.ts';
import { CannedRepliesPage } from './canned-replies/index.ts';
import { cases } from './cases/index.ts';
import { BreachingPage } from './clocks/index.ts';
import { consentTexts } from './consent-texts/index.ts';
import { customers } from './customers/index.ts';
import { dataProvider } from './data-provider.ts';
import { PageNotFound } from './failures/FailurePage.tsx';
import { OverviewPage } from './dashboard/index.ts';
import { AgeingPage } from './finance/index.ts';
import { FinanceReportsPage } from './finance-reports/index.ts';
import { HoldsPage } from './holds/index.ts';
import { JobsPage } from './jobs/index.ts';
import { kontorStore } from './kontor-store.ts';
import { Layout } from './layout/Layout.tsx';
import { LedgerAccountPage, LedgerPage, TransferPage } from './ledger/index.ts';
import { OutlookPage } from './money-outlook/index.ts';
import { Notices } from './layout/Notices.tsx';
import { SlowWait } from './layout/SlowWait.tsx';
import { OrderPage, orders } from './orders/index.ts';
import { PaymentPage, payments } from './payments/index.ts';
import { pendingActions } from './pending-actions/index.ts';
import { quotes } from './quotes/index.ts';
import { PartnersPage } from './partners/index.ts';
import { ProblemList, ProblemPage } from './problems/index.ts';
import { PromoCodesPage } from './promo-codes/index.ts';
import { QueuesPage } from './queues/index.ts';
import { FinancePolicyPage, RefundPage, refunds } from './refunds/index.ts';
import { ScopePage } from './scope/index.ts';
import { SecurityPage } from './security/index.ts';
import { agreements, PlansPage } from './service-levels/index.ts';
import { ClockRunsPage, ServiceReportsPage } from './service-reports/index.ts';
import { SignInPage } from './sign-in/SignInPage.tsx';
import { RolesPage, staff } from './staff/index.ts';
import { TaxRatesPage } from './tax-rates/index.ts';
import { darkTheme, lightTheme } from './theme/theme.ts';
import { NewTicketPage, tickets } from './tickets/index.ts';
import { TimingPage } from './timing/index.ts';
import { i18nProvider } from './words/i18n-provider.ts';

// A page paints from what was read before and asks anew behind it. Our own banner says when the server is away, and
// asks for everything again when it is back: requests need not repeat themselves.
const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: 5_000, gcTime: 10 * 60_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

/** The console. Telemetry of the library is off: the console talks to its own server only. */
export function App() {
  return (
    <BrowserRouter basename="/admin">
      <Admin
        title="Kontor"
        authProvider={authProvider}
        dataProvider={dataProvider}
        i18nProvider={i18nProvider}
        store={kontorStore}
        queryClient={queryClient}
        layout={Layout}
        dashboard={OverviewPage}
        loginPage={SignInPage}
        catchAll={PageNotFound}
        loading={SlowWait}
        notification={Notices}
        lightTheme={lightTheme}
        darkTheme={darkTheme}
        disableTelemetry
        requireAuth
      >
        <Resource name="tickets" {...tickets} />
        <Resource name="cases" {...cases} />
        <Resource name="customers" {...customers} />
        <Resource name="quotes" {...quotes} />
        <Resource name="orders" {...orders} />
        <Resource name="payments" {...payments} />
        <Resource name="refunds" {...refunds} />
        <Resource name="agreements" {...agreements} />
        <Resource name="pending-actions" {...pendingActions} />
        <Resource name="staff" {...staff} />
        <Resource name="audit" {...audit} />
        <Resource name="consent-texts" {...consentTexts} />
        <CustomRoutes>
          <Route path="/security" element={<SecurityPage />} />
          <Route path="/orders/:id" element={<OrderPage />} />
          <Route path="/promo-codes" element={<PromoCodesPage />} />
          <Route path="/tax-rates" element={<TaxRatesPage />} />
          <Route path="/payments/:id" element={<PaymentPage />} />
          <Route path="/refunds/:id" element={<RefundPage />} />
          <Route path="/finance-policy" element={<FinancePolicyPage />} />
          <Route path="/credit-ageing" element={<AgeingPage />} />
          <Route path="/roles" element={<RolesPage />} />
          <Route path="/canned-replies" element={<CannedRepliesPage />} />
          <Route path="/new-ticket" element={<NewTicketPage />} />
          <Route path="/breaching" element={<BreachingPage />} />
          <Route path="/timing" element={<TimingPage />} />
          <Route path="/service-reports" element={<ServiceReportsPage />} />
          <Route path="/clock-runs" element={<ClockRunsPage />} />
          <Route path="/sla-plans" element={<PlansPage />} />
          <Route path="/calendars" element={<CalendarsPage />} />
          <Route path="/calendars/:id" element={<CalendarPage />} />
          <Route path="/queues" element={<QueuesPage />} />
          <Route path="/ledger" element={<LedgerPage />} />
          <Route path="/ledger/accounts/:id" element={<LedgerAccountPage />} />
          <Route path="/ledger/transfers/:id" element={<TransferPage />} />
          <Route path="/books-audits" element={<BooksAuditsPage />} />
          <Route path="/money-outlook" element={<OutlookPage />} />
          <Route path="/finance-reports" element={<FinanceReportsPage />} />
          <Route path="/holds" element={<HoldsPage />} />
          <Route path="/jobs" element={<JobsPage />} />
          <Route path="/support-scope" element={<ScopePage />} />
          <Route path="/partners" element={<PartnersPage />} />
          <Route path="/problems" element={<ProblemList />} />
          <Route path="/problems/:id" element={<ProblemPage />} />
        </CustomRoutes>
      </Admin>
    </BrowserRouter>
  );
}
