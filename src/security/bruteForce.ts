import { LRUCache } from 'lru-cache';

import type { AppError } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { expandKey, macOf } from '../platform/crypto/index.js';
import { networkOf } from '../platform/http/index.js';
import { waitSeconds } from '../platform/http/retryAfter.js';
import type { Decide, Meters } from '../platform/limits/index.js';
import type { Log } from '../platform/log.js';
import { securityErrors } from './errors.js';
import {
  type BruteForceRule,
  type FailureTally,
  forgettableAtMs,
  waitOf,
  withFailure,
} from './failureTally.js';

/**
 * - `password` and `userCode` are short enough to be guessed: the count of all processes is read before each attempt.
 * - `apiKey` and `clientSecret` have 256 random bits and cannot be guessed. Wrong ones count by address only, so that
 * others
 *   cannot lock an account. A right one needs no database statement.
 */
type SecretKind = 'password' | 'userCode' | 'apiKey' | 'clientSecret';

/** One attempt with a secret. */
export interface SecretAttempt {
  readonly what: SecretKind;
  /** The sender’s IP address; not counted by address when it is unknown. */
  readonly address: string | undefined;
  /** The account that the secret is for, however it was named. */
  readonly account?: string | undefined;
  /** A browser in which the account has logged in before (`Devices.read`). It is counted alone, and not by account and address. */
  readonly device?: string | undefined;
  /**
   * The secret itself, if it is long and random: one that worked before does not wait because of other callers'
   * failures at its address.
   */
  readonly secret?: string | undefined;
}

/** Brute-force protection; see README.md beside this file. */
export interface BruteForceProtection {
  /**
   * Runs `test`, which returns `undefined` for a wrong secret, and counts the wrong ones. During a wait it throws
   * TooManyAttempts, with `retryAfterSeconds` in its detail, whether or not this attempt was right.
   */
  attempt<T>(attempt: SecretAttempt, test: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Counts a text that cannot be a secret of the hub, by address, in this process only. Throws TooManyAttempts. */
  recordMistyped(attempt: Pick<SecretAttempt, 'what' | 'address'>): void;
}

/** The rule for each kind of count. */
interface BruteForceRules {
  readonly perAccount: BruteForceRule;
  readonly perAddress: BruteForceRule;
}

export interface BruteForceProtectionDeps {
  readonly meters: Meters;
  readonly clock: Clock;
  readonly log: Log;
  /** The hub's current secret: accounts and addresses are stored hashed under it. */
  readonly secret: string;
  readonly rules: BruteForceRules;
}

interface Subject {
  readonly key: string;
  readonly rule: BruteForceRule;
  readonly by: 'account' | 'address' | 'device';
}

/** The maximum number each of waits, right secrets and mistyped texts that this process remembers. */
const REMEMBERED_MAX = 10_000;

const CHECKS_FIRST: Readonly<Record<SecretKind, boolean>> = {
  password: true,
  userCode: true,
  apiKey: false,
  clientSecret: false,
};

export function createBruteForceProtection(deps: BruteForceProtectionDeps): BruteForceProtection {
  const { meters, rules, log } = deps;
  const hash = hasher(deps.secret);
  const waits = new LRUCache<string, number>({ max: REMEMBERED_MAX });
  const proven = new LRUCache<string, true>({ max: REMEMBERED_MAX });
  const mistyped = new LRUCache<string, FailureTally>({ max: REMEMBERED_MAX });
  const subjectsOf = (attempt: SecretAttempt) => subjects(attempt, rules, hash);

  async function decide(subject: Subject, isWrong: boolean): Promise<number | undefined> {
    const { key, rule, by } = subject;
    const { tally, wait } = await meters.decide(key, decision(rule, isWrong));
    if (tally && tally.waitUntilMs > 0) waits.set(key, tally.waitUntilMs);
    if (isWrong && wait === undefined && tally?.failures === rule.freeAttempts)
      log.warn({ counted: by, key }, 'security.bruteForceDetected');
    return wait;
  }

  /** Returns when the wait ends according to the count of all processes; `undefined` when there is none. */
  async function waitShared(of: readonly Subject[], isWrong: boolean): Promise<number | undefined> {
    return latest(await Promise.all(of.map((subject) => decide(subject, isWrong))));
  }

  function waitKnown(of: readonly Subject[]): number | undefined {
    const nowMs = meters.nowMs();
    return latest(of.map(({ key }) => waits.get(key)).filter((ms = 0) => ms > nowMs));
  }

  function refuseUntil(untilMs: number | undefined): void {
    if (untilMs !== undefined) throw tooMany(untilMs, meters.nowMs());
  }

  return {
    async attempt(attempt, test) {
      const counted = subjectsOf(attempt);
      const proof = attempt.secret === undefined ? undefined : hash(`proof:${attempt.secret}`);
      const checksFirst = CHECKS_FIRST[attempt.what];
      if (proof === undefined || !proven.has(proof))
        refuseUntil(checksFirst ? await waitShared(counted, false) : waitKnown(counted));
      const right = await test();
      if (right === undefined) {
        if (proof !== undefined) proven.delete(proof);
        refuseUntil(await waitShared(counted, true));
        return undefined;
      }
      // Other attempts may have used up the free ones in the meantime.
      if (checksFirst) refuseUntil(await waitShared(counted, false));
      if (proof !== undefined) proven.set(proof, true);
      return right;
    },
    recordMistyped({ what, address }) {
      const key = `${what}:${networkOf(address)}`;
      const nowMs = meters.nowMs();
      const before = mistyped.get(key);
      refuseUntil(waitOf(before, nowMs));
      mistyped.set(key, withFailure(before, { rule: rules.perAddress, nowMs }));
    },
  };
}

/** Adds a wrong attempt to the tally unless there is a wait; returns the tally and the wait before it. */
function decision(
  rule: BruteForceRule,
  isWrong: boolean,
): Decide<{ tally: FailureTally | undefined; wait: number | undefined }> {
  return (state, nowMs) => {
    const before = state['tally'] as FailureTally | undefined;
    const wait = waitOf(before, nowMs);
    const tally = isWrong && wait === undefined ? withFailure(before, { rule, nowMs }) : before;
    return {
      state: tally === before ? state : { tally },
      result: { tally, wait },
      ...(tally && { keepUntilMs: forgettableAtMs(tally, rule) }),
    };
  };
}

function subjects(
  { what, address, account, device }: SecretAttempt,
  { perAccount, perAddress }: BruteForceRules,
  hash: (text: string) => string,
): Subject[] {
  const named = (by: Subject['by'], name: string) =>
    `bruteForce:${what}:${by}:${hash(JSON.stringify([by, name]))}`;
  if (device !== undefined && account !== undefined)
    return [{ key: named('device', device), rule: perAccount, by: 'device' }];
  return [
    ...(address === undefined
      ? []
      : [
          {
            key: named('address', networkOf(address)),
            rule: perAddress,
            by: 'address' as const,
          },
        ]),
    ...(account === undefined
      ? []
      : [{ key: named('account', account), rule: perAccount, by: 'account' as const }]),
  ];
}

function tooMany(untilMs: number, nowMs: number): AppError {
  const seconds = waitSeconds(untilMs - nowMs);
  return securityErrors.TooManyAttempts({ seconds }, { detail: { retryAfterSeconds: seconds } });
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function hasher(secret: string): (text: string) => string {
  const key = expandKey(secret, { info: 'parse-integration-hub brute force 1' });
  return (text) => macOf(key, text);
}
