/**
 * The authenticator app of the sample staff. Its secrets are here for everybody to read: they exist so that the embedded
 * stack can be tried without a telephone, and sample people can sign in nowhere else (a production process does not start
 * with them).
 */
import { NobleCryptoPlugin, ScureBase32Plugin, TOTP } from 'otplib';

const totp = new TOTP({ crypto: new NobleCryptoPlugin(), base32: new ScureBase32Plugin() });
const stepSeconds = 30;

export interface SampleApp {
  readonly who: string;
  readonly email: string;
  readonly secret: string;
}

/** Vera has none, so that the set-up at a first sign-in can be seen. */
export const sampleApps: readonly SampleApp[] = [
  { who: 'Oleg, support', email: 'oleg@kontor.example', secret: 'SAMPLEONLYSAMPLEONLYSAMPLEOLEGAA' },
  { who: 'Maria, administrator', email: 'maria@kontor.example', secret: 'SAMPLEONLYSAMPLEONLYSAMPLEMARIAA' },
];

/** The code of the time step that this instant is in, or of one so many steps later. Each is good for once. */
export async function sampleCode(app: SampleApp, at: Date, stepsLater = 0): Promise<string> {
  const step = Math.floor(at.getTime() / 1000 / stepSeconds) + stepsLater;
  return totp.generate({ secret: app.secret, epoch: step * stepSeconds });
}

/** Whole seconds for which the code of this instant is shown. */
export function secondsLeft(at: Date): number {
  return stepSeconds - (Math.floor(at.getTime() / 1000) % stepSeconds);
}
