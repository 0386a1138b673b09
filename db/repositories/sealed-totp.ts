/** Where a person's TOTP secret lies. The same for one being set up and one in use, so that proving it moves no secret. */
export function sealedTotp(userId: string): { table: string; row: string; field: string } {
  return { table: 'factor', row: userId, field: 'secret' };
}
