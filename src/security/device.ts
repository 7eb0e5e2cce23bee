import { randomBytes } from 'node:crypto';

import { deriveKeys, hasMac, macOf, type Secrets } from '../platform/crypto/index.js';
import { DAY_MS } from '../platform/durations.js';

/** After so long a browser is a stranger again. */
export const DEVICE_LIFE_MS = 180 * DAY_MS;

/**
 * Browsers in which somebody has logged in before, told by a cookie, so that they are counted by themselves and nobody
 * else's guessing keeps them out: https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
export interface Devices {
  /** The value of a cookie for a browser in which this account has just logged in. */
  generate(account: string, now: Date): string;
  /** Which browser it is; `undefined` when the value was not made for this account, or is too old. */
  read(value: string | undefined, account: string, now: Date): string | undefined;
}

export function createDevices(secrets: Secrets): Devices {
  const keys = deriveKeys(secrets, 'known browsers 1');
  return {
    generate(account, now) {
      const id = randomBytes(16).toString('base64url');
      const madeAt = now.getTime().toString(36);
      return [id, madeAt, macOf(keys[0].key, signed({ id, madeAt, account }))].join('.');
    },
    read(value, account, now) {
      const [id, madeAt, mac, ...rest] = (value ?? '').split('.');
      if (id === undefined || madeAt === undefined || mac === undefined || rest.length > 0)
        return undefined;
      const isOurs = keys.some(({ key }) => hasMac(key, signed({ id, madeAt, account }), mac));
      const ageMs = now.getTime() - parseInt(madeAt, 36);
      return isOurs && ageMs < DEVICE_LIFE_MS ? id : undefined;
    },
  };
}

function signed({ id, madeAt, account }: { id: string; madeAt: string; account: string }): string {
  return JSON.stringify([id, madeAt, account]);
}
