import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

import { expandKey } from '../vault/index.js';

/** After so long a browser is a stranger again. */
export const DEVICE_LIFE_MS = 180 * 86_400_000;

/**
 * Browsers in which somebody has logged in before, told by a cookie, so that they are counted by themselves and nobody
 * else's guessing keeps them out: https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
export interface Devices {
  /** The value of a cookie for a browser in which this account has just logged in. */
  mint(account: string, now: Date): string;
  /** Which browser it is; `undefined` when the value was not made for this account, or is too old. */
  read(value: string | undefined, account: string, now: Date): string | undefined;
}

export function createDevices(secrets: readonly [string, ...string[]]): Devices {
  const keys = secrets.map((secret) =>
    expandKey(secret, { info: 'parse-integration-hub known browsers 1' }),
  );
  const [present] = keys as [KeyObject, ...KeyObject[]];
  return {
    mint(account, now) {
      const id = randomBytes(16).toString('base64url');
      const madeAt = now.getTime().toString(36);
      return [id, madeAt, macOf(present, { id, madeAt, account })].join('.');
    },
    read(value, account, now) {
      const [id, madeAt, mac, ...rest] = (value ?? '').split('.');
      if (id === undefined || madeAt === undefined || mac === undefined || rest.length > 0)
        return undefined;
      const isOurs = keys.some((key) => isSame(mac, macOf(key, { id, madeAt, account })));
      const ageMs = now.getTime() - parseInt(madeAt, 36);
      return isOurs && ageMs < DEVICE_LIFE_MS ? id : undefined;
    },
  };
}

function macOf(
  key: KeyObject,
  { id, madeAt, account }: { id: string; madeAt: string; account: string },
): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([id, madeAt, account]))
    .digest('base64url');
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
