import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { untilDelivered } from '../activity-options.ts';
import { deliveriesTaskQueue, type DeliveryActivities, type NotificationInput } from './contract.ts';

const sentences = {
  delivered: 'Delivered.',
  expired: 'Not delivered: by now it is no longer worth telling.',
  refused: 'Not delivered: the recipient’s server refused it for good. Staff see it as a case.',
} as const;

/**
 * One event, told to one person over one channel, once (SPEC N3): tried until delivered or no longer worth it. The
 * delivery's row says whether it was sent, so that a second run of the activity sends nothing.
 */
export async function notification(input: NotificationInput): Promise<void> {
  const { deliver } = proxyActivities<DeliveryActivities>({
    ...untilDelivered,
    taskQueue: deliveriesTaskQueue(workflowInfo().taskQueue),
    summary: input.event,
  });
  setCurrentDetails(`Tells one person: ${input.event}.`);
  setCurrentDetails(sentences[await deliver(input.deliveryId)]);
}
