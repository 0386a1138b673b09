/** A small company with its customers, for tests of pages that show many people: made through the API where that can be. */
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import type { Kontor } from '../harness/kontor.ts';

export interface Company {
  readonly maria: TestStaff;
  readonly oleg: TestStaff;
  readonly vera: TestStaff;
  readonly anna: TestCustomer;
  readonly boris: TestCustomer;
  /** A colleague of Anna's, with an app. */
  readonly dmitri: TestCustomer;
}

export async function makeCompany(kontor: Kontor): Promise<Company> {
  const { people } = kontor;
  const maria = await people.staff({ role: 'administrator', name: 'Maria Orlova' });
  const oleg = await people.staff({ role: 'support', name: 'Oleg Sidorov' });
  const vera = await people.staff({ role: 'billing', name: 'Vera Belova' });
  const anna = await people.customer({ name: 'Anna Petrova' });
  const boris = await people.customer({ name: 'Boris Kuznetsov' });
  await boris.patch('/account', { name: 'Altair Hosting' });
  const dmitri = await people.customer({ name: 'Dmitri Volkov', account: { id: anna.accountId, role: 'technical' } });
  await people.addApp(dmitri.id);
  return { maria, oleg, vera, anna, boris, dmitri };
}
