import type { Factors, Page, RecoveryCodes, Session, StaffMe, TotpSetUp } from '../server/answers.ts';
import { request } from '../server/request.ts';

/** What somebody does about his own doors: factors, sessions, password (SPEC I3, I5, I6). Changes ask for a fresh code by themselves. */
export interface OwnDoors {
  me(): Promise<StaffMe>;
  factors(): Promise<Factors>;
  beginApp(): Promise<TotpSetUp>;
  /** @returns recovery codes to store, or none when unused ones from before stay good */
  confirmApp(code: string): Promise<string[] | null>;
  makeRecoveryCodes(): Promise<string[]>;
  sessions(): Promise<Session[]>;
  changePassword(currentPassword: string, password: string): Promise<void>;
}

export const ownDoors: OwnDoors = {
  me: () => request('GET', '/me'),
  factors: () => request('GET', '/me/factors'),
  beginApp: () => request('POST', '/me/factors/totp'),
  confirmApp: async (code) => (await request<RecoveryCodes>('POST', '/me/factors/totp/confirmation', { body: { code } })).recoveryCodes,
  makeRecoveryCodes: async () => (await request<RecoveryCodes>('POST', '/me/recovery-codes')).recoveryCodes ?? [],
  sessions: async () => (await request<Page<Session>>('GET', '/me/sessions')).items,
  changePassword: (currentPassword, password) => request('PUT', '/me/password', { body: { currentPassword, password } }),
};
