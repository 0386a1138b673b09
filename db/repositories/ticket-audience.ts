import type { EntityManager } from '@mikro-orm/postgresql';
import type { CustomerRole } from '../../domain/permissions.ts';

/**
 * Whom something on a ticket concerns that not every member may decide: those who take part; when none of them may, all who
 * may, as else nobody would hear who can do anything about it; and this one person, if he is still a member.
 * @returns users of the account, in no order
 */
export async function whomItConcerns(
  em: EntityManager,
  ticket: { readonly number: number; readonly accountId: string },
  deciding: readonly CustomerRole[],
  also?: string,
): Promise<string[]> {
  const members = await em.execute<{ user_id: string; role: CustomerRole; takes_part: boolean }[]>(
    `select m.user_id, m.role, p.user_id is not null as takes_part from membership m
        left join ticket_participant p on p.user_id = m.user_id and p.ticket_number = ? where m.account_id = ?`,
    [ticket.number, ticket.accountId],
  );
  const decides = ({ role }: { role: CustomerRole }) => deciding.includes(role);
  const someoneDecides = members.some((member) => (member.takes_part || member.user_id === also) && decides(member));
  return members
    .filter((member) => member.takes_part || member.user_id === also || (!someoneDecides && decides(member)))
    .map((member) => member.user_id);
}
