/** Time's side of an order: nobody paid it (SPEC B4, B5). */
import { orderStory, type OrderState } from '../../domain/order.ts';
import { spellInstant } from '../../domain/ticket-story.ts';
import { closeUnpaid } from './order-closing.ts';
import { lockOrder } from './order-row.ts';
import type { TimedRule } from './timed-entities.ts';

/** An order that nobody paid is given up, and its promo code with it. */
export const orderRule: TimedRule = {
  describe: async (em, id) => {
    const [row] = await em.execute<{ state: OrderState; what: string[]; due_at: string | null }[]>(
      `select o.state, (select array_agg(l.about order by l.position) from order_line l where l.order_id = o.id) as what, s.due_at
        from sales_order o left join obligation s on s.entity = 'order:' || o.id where o.id = ?`,
      [id],
    );
    if (!row) return undefined;
    const until = row.due_at === null ? null : spellInstant(new Date(row.due_at));
    return { state: row.state, story: orderStory(row.state, row.what, until), over: row.state !== 'open' };
  },
  take: async (em, id, at) => {
    const order = await lockOrder(em, id);
    if (order?.state !== 'open') return;
    await closeUnpaid(em, at, { id, accountId: order.account.id }, 'abandoned');
  },
};
