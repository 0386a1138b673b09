/** What people agree to, each for itself (SPEC D2). */
export const consentPurposes = ['terms', 'personal_data', 'marketing'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** Without these nobody can be a customer: they are asked for at registration, and end with the account, not before. */
export const neededConsents: readonly ConsentPurpose[] = ['terms', 'personal_data'];

/** Which wording somebody agreed to. */
export interface ConsentGiven {
  readonly purpose: ConsentPurpose;
  readonly version: number;
}
