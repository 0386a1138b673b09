import { condition, defineSignal, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import { shortTransaction } from '../../workflows/activity-options.ts';

const { readRow } = proxyLocalActivities<{ readRow(number: number): Promise<unknown> }>(shortTransaction);

/** The least a workflow can do with a signal: read one row, and wait again. */
export async function floor(number: number): Promise<void> {
  let news = false;
  setHandler(defineSignal('news'), () => {
    news = true;
  });
  for (;;) {
    await readRow(number);
    await condition(() => news);
    news = false;
  }
}
