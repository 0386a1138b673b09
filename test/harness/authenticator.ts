import { NobleCryptoPlugin, ScureBase32Plugin, TOTP } from 'otplib';
import type { Clock } from '../../domain/clock.ts';
import { until } from './until.ts';

const totp = new TOTP({ crypto: new NobleCryptoPlugin(), base32: new ScureBase32Plugin() });

/** A code that is taken only until the half minute turns is not given in its last seconds: it may come too late. */
const spareSeconds = 10;

/**
 * A person's authenticator app. Each code is good for once and a step of thirty seconds has one, so it gives the earliest
 * that is still taken, and then the next: two or three at one moment. Who wants more waits, as people do.
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
    const step = await until('the app has a code that was not used', () => this.unusedStep(), 40);
    this.last = step;
    return this.codeOfStep(step);
  }

  private unusedStep(): number | undefined {
    const seconds = this.clock.now().getTime() / 1000;
    const now = Math.floor(seconds / 30);
    const earliest = seconds % 30 < 30 - spareSeconds ? now - 1 : now;
    const step = Math.max(earliest, this.last + 1);
    return step <= now + 1 ? step : undefined;
  }

  /** The code of a time step, used before or not. */
  codeOfStep(step: number): Promise<string> {
    return totp.generate({ secret: this.secret, epoch: step * 30 });
  }
}
