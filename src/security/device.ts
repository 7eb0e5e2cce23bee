import { randomBytes } from 'node:crypto';

import { deriveKeys, hasMac, macOf, type Secrets } from '../platform/crypto/index.js';
import { DAY_MS } from '../platform/durations.js';

/** How long a browser stays known after a log-in. */
export const DEVICE_LIFE_MS = 180 * DAY_MS;

/**
 * Known browsers, in which an account has logged in before. A cookie identifies them, so that they are counted alone and
 * attempts from elsewhere do not lock them out: https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
export interface Devices {
  /** A cookie value for a browser in which this account has just logged in. */
  generate(account: string, now: Date): string;
  /** The browser’s id; `undefined` when the cookie value is for another account, changed or expired. */
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
