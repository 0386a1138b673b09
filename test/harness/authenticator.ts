import { NobleCryptoPlugin, ScureBase32Plugin, TOTP } from 'otplib';
import type { Clock } from '../../domain/clock.ts';

const totp = new TOTP({ crypto: new NobleCryptoPlugin(), base32: new ScureBase32Plugin() });

/**
 * A person's authenticator app. Each code is good for once and a step of thirty seconds has one, so it gives the earliest
 * that is still taken, and then the next: three at one moment.
 */
export class Authenticator {
  private readonly secret: string;
  private readonly clock: Clock;
  private last = 0;

  constructor(secret: string, clock: Clock) {
    this.secret = secret;
    this.clock = clock;
  }

  async code(): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 30_000);
    const step = Math.max(now - 1, this.last + 1);
    if (step > now + 1) throw new Error('this app has given every code of this half minute');
    this.last = step;
    return this.codeOfStep(step);
  }

  /** The code of a time step, used before or not. */
  codeOfStep(step: number): Promise<string> {
    return totp.generate({ secret: this.secret, epoch: step * 30 });
  }
}
