import type { ThrottleLimits } from '../../api/auth/throttle.ts';

const roomy = { tries: 100_000, seconds: 60 };

/** Every person of a test comes from one address: limits are tried where they are the matter, elsewhere there is room. */
export const roomyThrottle: ThrottleLimits = {
  signInOfOne: roomy,
  signInFromNetwork: roomy,
  signInByStrangers: roomy,
  secondFactor: roomy,
  mailToAddress: roomy,
  mailFromNetwork: roomy,
  mailedCodes: roomy,
  promoCodes: roomy,
};
