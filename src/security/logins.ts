import { expandKey, macOf } from '../platform/crypto/index.js';
import { DAY_MS } from '../platform/durations.js';
import { networkOf } from '../platform/http/index.js';
import { waitSeconds } from '../platform/http/retryAfter.js';
import { type Limit, type Meters, take } from '../platform/limits/index.js';
import type { BruteForceProtection } from './bruteForce.js';
import { DEVICE_LIFE_MS, type Devices } from './device.js';
import { securityErrors } from './errors.js';

/** One test of a password, or of a second factor, at any entry point. */
interface Login {
  /** What the sender named: a user name, an e-mail address, or both. */
  readonly name: LoginName;
  /** The sender’s IP address. */
  readonly address: string | undefined;
  /** The cookie of a known browser (`Devices`), if it was sent. */
  readonly cookie?: string | undefined;
  /** The installation id that SDKs send: a random UUID that stays on the device. */
  readonly installationId?: string | undefined;
}

interface LoginName {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
}

/** What one network, or one mailbox, may cause in an hour. */
interface HourlyLimits {
  /** New users, from one network. */
  readonly signUpsPerHour: number;
  /** E-mails for resetting a password or verifying an address, to one address; ten times as many from one network. */
  readonly emailsPerHour: number;
}

/**
 * The protection of log-ins, sign-ups and e-mails, shared by every entry point: one count for each account, whether it is
 * named by user name or e-mail address, and one for each network.
 */
export interface LoginProtection {
  /**
   * Runs `test`, which returns `undefined` for a wrong password, and remembers the installation of a right one. Throws
   * TooManyAttempts as `BruteForceProtection.attempt` does.
   */
  attempt<T>(login: Login, test: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Returns the cookie value for a browser in which this user has just logged in. */
  cookieFor(name: LoginName): Promise<string>;
  /** Counts new users. Throws TooManyRequests. */
  countSignUps(count: number, address: string | undefined): Promise<void>;
  /** Counts an e-mail to an address, whether or not a user has it. Throws TooManyRequests. */
  countEmail(email: string, address: string | undefined): Promise<void>;
}

export interface LoginProtectionDeps {
  readonly bruteForce: BruteForceProtection;
  readonly devices: Devices;
  readonly meters: Meters;
  readonly limits: HourlyLimits;
  /** The hub's current secret. */
  readonly secret: string;
  now(): Date;
  /** Returns one key for an account, whatever it is named by; a name that no user has is its own account. */
  accountOf(name: LoginName): Promise<string>;
}

/** How many installations of one account are known; the one that has not been used for longest is forgotten first. */
const INSTALLATIONS_MAX = 50;
/** Installation ids are UUIDs. Shorter ones could be guessed. */
const INSTALLATION_ID = /^[\x21-\x7e]{20,100}$/;

export function createLoginProtection(deps: LoginProtectionDeps): LoginProtection {
  const { bruteForce, devices, now, accountOf, meters, limits } = deps;
  const hashOf = hasher(deps.secret);
  const installations = knownInstallations(meters, hashOf);
  const takeOne = async (key: string, calls: number): Promise<void> => {
    const limit: Limit = { strategy: 'tokenBucket', calls, perSeconds: 3_600 };
    const retryAtMs = await meters.decide(`bruteForce:${key}`, (state, nowMs) => {
      const taken = take(limit, state['bucket'] as readonly number[] | undefined, nowMs);
      if (!taken.allowed) return { state, result: taken.retryAtMs };
      const keepUntilMs = nowMs + 3_600_000;
      return { state: { bucket: taken.state }, result: undefined, keepUntilMs };
    });
    if (retryAtMs === undefined) return;
    const seconds = waitSeconds(retryAtMs - meters.nowMs());
    throw securityErrors.TooManyRequests({ seconds }, { detail: { retryAfterSeconds: seconds } });
  };
  return {
    async attempt({ name, address, cookie, installationId }, test) {
      const account = isNamed(name) ? await accountOf(name) : undefined;
      if (account === undefined) return bruteForce.attempt({ what: 'password', address }, test);
      const installation = installationOf(account, installationId, hashOf);
      const device =
        devices.read(cookie, account, now()) ??
        devices.read(cookie, earlierAccountOf(name), now()) ??
        (await installations.find(account, installation));
      const right = await bruteForce.attempt({ what: 'password', address, account, device }, test);
      if (right !== undefined) await installations.remember(account, installation);
      return right;
    },
    cookieFor: async (name) => devices.generate(await accountOf(name), now()),
    async countSignUps(count, address) {
      const key = `signUp:${hashOf(networkOf(address))}`;
      for (let nth = 0; nth < count; nth += 1) await takeOne(key, limits.signUpsPerHour);
    },
    async countEmail(email, address) {
      await takeOne(`email:network:${hashOf(networkOf(address))}`, 10 * limits.emailsPerHour);
      await takeOne(`email:to:${hashOf(email.trim().toLowerCase())}`, limits.emailsPerHour);
    },
  };
}

function isNamed({ username, email }: LoginName): boolean {
  return username !== undefined || email !== undefined;
}

/** Returns what cookies of earlier versions name: the user name as it was typed, normalized. */
function earlierAccountOf({ username, email = '' }: LoginName): string {
  return (username ?? email).normalize('NFKC').trim().toLowerCase();
}

/** Returns the hash under which an installation of an account is known; `undefined` when the id could be guessed. */
function installationOf(
  account: string,
  installationId: string | undefined,
  hashOf: Hash,
): string | undefined {
  if (installationId === undefined || !INSTALLATION_ID.test(installationId)) return undefined;
  return hashOf(JSON.stringify(['installation', account, installationId]));
}

/** The installations of each account, in one meter per account: [hash, time of the last log-in in milliseconds since 1970]. */
function knownInstallations(meters: Meters, hashOf: Hash) {
  type Known = readonly (readonly [string, number])[];
  const keyOf = (account: string) => `bruteForce:installations:${hashOf(account)}`;
  const isLive = ([, atMs]: Known[number]) => meters.nowMs() - atMs < DEVICE_LIFE_MS;
  const knownIn = (state: object) => ((state as { known?: Known }).known ?? []).filter(isLive);
  return {
    async find(account: string, installation: string | undefined): Promise<string | undefined> {
      if (installation === undefined) return undefined;
      const known = knownIn(await meters.read(keyOf(account)));
      return known.some(([hash]) => hash === installation) ? installation : undefined;
    },
    async remember(account: string, installation: string | undefined): Promise<void> {
      if (installation === undefined) return;
      await meters.decide(keyOf(account), (state, nowMs) => {
        const known = knownIn(state);
        const before = known.find(([hash]) => hash === installation);
        if (before && nowMs - before[1] < DAY_MS) return { state, result: undefined };
        const others = known.filter((each) => each !== before);
        const next = [...others.slice(1 - INSTALLATIONS_MAX), [installation, nowMs] as const];
        return {
          state: { known: next },
          result: undefined,
          keepUntilMs: nowMs + DEVICE_LIFE_MS,
        };
      });
    },
  };
}

/** A hash under the hub's secret, so that rows do not show who logs in and from where. */
type Hash = (text: string) => string;

function hasher(secret: string): Hash {
  const key = expandKey(secret, { info: 'parse-integration-hub log-ins 1' });
  return (text) => macOf(key, text);
}
