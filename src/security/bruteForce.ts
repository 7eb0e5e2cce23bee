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
 * - `password` and `userCode` are short enough to be guessed: what all processes have counted is asked before each attempt.
 * - `apiKey` and `clientSecret` have 256 random bits. Wrong ones are counted by address only, as nobody can come near one, and
 *   an account that strangers lock would be of use to nobody else. A right one costs no statement.
 */
type SecretKind = 'password' | 'userCode' | 'apiKey' | 'clientSecret';

/** Somebody tries a secret. */
export interface SecretAttempt {
  readonly what: SecretKind;
  /** From where; left out of the count when nobody knows. */
  readonly address: string | undefined;
  /** Whose secret it would be: a user's id, or what was typed where there is no such user. */
  readonly account?: string | undefined;
  /** A browser in which that account has logged in before (`Devices.read`): counted by itself, whatever others do. */
  readonly device?: string | undefined;
  /** A long random secret itself: one that was right before is not kept waiting for what others at its address tried. */
  readonly secret?: string | undefined;
}

/** The defense against guessing; see README.md beside this file. */
export interface BruteForceProtection {
  /**
   * Runs `test`, which answers `undefined` for a wrong secret, and counts those. Throws TooManyAttempts, whose detail has
   * `retryAfterSeconds`, while there is a wait, and then tells nothing of whether this attempt was right.
   */
  attempt<T>(attempt: SecretAttempt, test: () => Promise<T | undefined>): Promise<T | undefined>;
  /** A text that cannot be a secret of ours: counted by address in this process only. Throws TooManyAttempts. */
  recordMistyped(attempt: Pick<SecretAttempt, 'what' | 'address'>): void;
}

/** The rules of those who are counted. */
interface BruteForceRules {
  readonly perAccount: BruteForceRule;
  readonly perAddress: BruteForceRule;
}

export interface BruteForceProtectionDeps {
  readonly meters: Meters;
  readonly clock: Clock;
  readonly log: Log;
  /** The hub's present secret: names of accounts and addresses are stored hashed under it. */
  readonly secret: string;
  readonly rules: BruteForceRules;
}

interface Subject {
  readonly key: string;
  readonly rule: BruteForceRule;
  readonly by: 'account' | 'address' | 'device';
}

/** What this process remembers of waits, of right secrets, of what was mistyped; the oldest go first. */
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

  /** Until when there is a wait, by what all processes have counted. */
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
      // Others may have used up what was free while this one was looked at.
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

/** The tally, with a wrong attempt more if there is one, and the wait that there was before it. */
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
