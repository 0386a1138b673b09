/** Codes of an authenticator app (RFC 6238): SHA-1, 6 digits, 30 seconds, as every app reads them. */
import { randomBytes } from 'node:crypto';
import { NobleCryptoPlugin, ScureBase32Plugin, TOTP } from 'otplib';
import { toString as qrToString } from 'qrcode';

const base32 = new ScureBase32Plugin();
const totp = new TOTP({ crypto: new NobleCryptoPlugin(), base32 });

const totpPeriodSeconds = 30;

/** 160 random bits (RFC 4226, 4: the length of the hash), as people type them. */
export function makeTotpSecret(): string {
  return base32.encode(randomBytes(20), { padding: false });
}

/**
 * The time step a code belongs to, now or one step before or after: a phone's clock may be off by half a minute. Whether
 * that step was used before is for the caller to settle, in one statement, so that two at once cannot both use it.
 */
export async function stepOfCode(secret: string, code: string, now: Date): Promise<number | undefined> {
  if (!/^\d{6}$/.test(code)) return undefined;
  const epoch = Math.floor(now.getTime() / 1000);
  const result = await totp.verify(code, { secret, epoch, period: totpPeriodSeconds, epochTolerance: totpPeriodSeconds });
  return result.valid ? epochStep(epoch) + result.delta : undefined;
}

function epochStep(epoch: number): number {
  return Math.floor(epoch / totpPeriodSeconds);
}

export interface TotpSetUp {
  /** To be typed where no camera is at hand. */
  readonly secret: string;
  readonly uri: string;
  /** The same as a picture, as a `data:` address: no program needs a library to show it. */
  readonly qr: string;
}

/** What an authenticator app needs to know. @param label whom the app shows: the person's address */
export async function totpSetUp(secret: string, label: string, issuer: string): Promise<TotpSetUp> {
  // Written out, as apps take `+` for itself where a form would mean a space.
  const query = { secret, issuer, algorithm: 'SHA1', digits: '6', period: String(totpPeriodSeconds) };
  const spelled = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const uri = `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(label)}?${spelled.join('&')}`;
  const svg = await qrToString(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
  return { secret, uri, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
}
