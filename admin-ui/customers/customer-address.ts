/** The account's page in the console. */
export function customerAddress(accountId: string): string {
  return `/customers/${accountId}/show`;
}

/** The customers that this text finds: a name, an address, an id. */
export function customersAddress(search: string): string {
  const query = { filter: JSON.stringify({ search }), sort: 'createdAt', order: 'DESC', page: '1', perPage: '25' };
  return `/customers?${new URLSearchParams(query).toString()}`;
}
