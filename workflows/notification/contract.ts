/** What others may know of the notification's workflow. */
export const notificationWorkflowType = 'notification';

export interface NotificationInput {
  readonly deliveryId: string;
  /** The event it tells of, such as `ticket.answered`; operators read it. */
  readonly event: string;
}

export function notificationWorkflowId(deliveryId: string): string {
  return `notification:${deliveryId}`;
}

export type DeliveryOutcome = 'delivered' | 'expired' | 'refused';

/** What the workflow asks of the world; implemented in `activities/deliveries`. */
export interface DeliveryActivities {
  /** Sends it unless it was sent; answers what became of it; fails while the channel is away. */
  deliver(deliveryId: string): Promise<DeliveryOutcome>;
}

/** Deliveries have a queue of their own, so that a flood of mails never delays a deadline. */
export function deliveriesTaskQueue(taskQueue: string): string {
  return `${taskQueue}-deliveries`;
}
