/** The entry of the workflow bundle: every workflow type, by its name. */
export { ticket } from './ticket/workflow.ts';
export { notification } from './notification/workflow.ts';
export { job } from './job/workflow.ts';
export { booksAudit } from './books-audit/workflow.ts';
export { deadline } from './deadline/workflow.ts';
export { pendingAction } from './pending-action/workflow.ts';
export { payment } from './payment/workflow.ts';
export { providerNotice } from './provider-notice/workflow.ts';
export { refund } from './refund/workflow.ts';
