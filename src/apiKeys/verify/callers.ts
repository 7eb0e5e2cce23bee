import {
  type ApiKeyActor,
  type AppError,
  commonErrors,
  type Membership,
  permissionDenied,
} from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { waitSeconds } from '../../platform/http/retryAfter.js';
import type { Meters, MeterState } from '../../platform/limits/index.js';
import type { BruteForceProtection } from '../../security/index.js';
import { apiKeyErrors } from '../errors.js';
import { isWellFormedKey, type KeyEnvironment } from '../secret.js';
import type { ApiKeyRow } from '../store.js';
import { actorOf, problemOfKey, type RequestOrigin } from './check.js';
import type { Keys, LookupGuard } from './keys.js';
import {
  type AdvertisedLimit,
  advertisedLimits,
  isLimited,
  type KeyLimits,
  keyLimitStatusOf,
  passCalls,
} from './limits.js';
import type { UsageCounter } from './usage.js';

/** A request with a key. */
interface KeyRequest extends RequestOrigin {
  readonly key: string;
  /** The functions that it calls, each as often as it is called. */
  readonly functions: readonly string[];
  readonly agent?: string | undefined;
}

/** A valid key and its actor. */
interface AuthenticatedKey {
  readonly actor: ApiKeyActor;
  /** The key as the secret that was sent acts. */
  readonly row: ApiKeyRow;
}

/** A caller whose calls are counted. */
interface AdmittedKey extends AuthenticatedKey {
  /** The limits of the key after the calls were counted; empty for a key without limits. */
  readonly limits: readonly AdvertisedLimit[];
}

export interface ApiKeyCallers {
  /**
   * Returns the actor of a key and counts the calls. Throws ApiKeyNotValid, ApiKeyEnvironmentNotTaken, ApiKeyAddressNotAllowed
   * or ApiKeyOriginNotAllowed, ApiKeyLimitReached, or TooManyAttempts after too many wrong keys; the last two have
   * `retryAfterSeconds` in their detail, and ApiKeyLimitReached `limits`. The permissions of the key are checked at each call.
   */
  admit(request: KeyRequest): Promise<AdmittedKey>;
  /**
   * Does what `admit` does, and returns the key's current permissions. Also throws PermissionDenied; then nothing is counted.
   * Wrong keys do not count as attempts, because the caller is one of the host's own services.
   */
  verify(request: KeyRequest, permission: string | undefined): Promise<VerifiedKey>;
  /** Returns the remaining calls of a key's limits. */
  limitStatus(row: ApiKeyRow): Promise<ReturnType<typeof keyLimitStatusOf>>;
}

interface VerifiedKey extends AuthenticatedKey {
  readonly membership: Membership;
}

export interface ApiKeyCallersDeps {
  readonly keys: Keys;
  readonly meters: Meters;
  readonly usage: UsageCounter;
  readonly bruteForce: BruteForceProtection;
  readonly clock: Clock;
  readonly environments: readonly KeyEnvironment[];
  membershipOf(actor: ApiKeyActor): Promise<Membership>;
}

export function createApiKeyCallers(deps: ApiKeyCallersDeps): ApiKeyCallers {
  const { keys, usage, clock, environments } = deps;

  async function find(request: KeyRequest, guard?: LookupGuard): Promise<AuthenticatedKey> {
    const found = await keys.load(request.key, guard);
    if (!found) throw commonErrors.ApiKeyNotValid();
    const problem = problemOfKey(found, request, { now: clock.now(), environments });
    if (problem) throw problem;
    const { acting } = found;
    return { row: acting, actor: actorOf(acting) };
  }

  async function count(row: ApiKeyRow, request: KeyRequest): Promise<readonly AdvertisedLimit[]> {
    const { functions, address, agent } = request;
    const { refusal, limits } = await takeCalls(deps, row, functions.length);
    usage.record(row, { functions, isLimited: refusal !== undefined, address, agent });
    if (refusal) throw refusal;
    return limits;
  }

  return {
    async admit(request) {
      const attempt = { what: 'apiKey', address: request.address, secret: request.key } as const;
      if (!isWellFormedKey(request.key)) deps.bruteForce.recordMistyped(attempt);
      const caller = await find(request, (look) => deps.bruteForce.attempt(attempt, look));
      return { ...caller, limits: await count(caller.row, request) };
    },
    async verify(request, permission) {
      const caller = await find(request);
      const membership = await deps.membershipOf(caller.actor);
      if (permission !== undefined && !membership.permissions.has(permission))
        throw permissionDenied(caller.actor, permission);
      await count(caller.row, request);
      return { ...caller, membership };
    },
    async limitStatus(row) {
      const limits = readLimits(row);
      const state = isLimited(limits) ? await deps.meters.read(meterOf(row)) : {};
      return keyLimitStatusOf(state, limits, deps.meters.nowMs());
    },
  };
}

export function readLimits({ limits }: ApiKeyRow): KeyLimits {
  return JSON.parse(limits) as KeyLimits;
}

function meterOf({ id }: ApiKeyRow): string {
  return `apiKey:${id}`;
}

/**
 * Counts the calls against the limits; returns why they are refused, if they are, and what is left. A key without limits costs
 * no statement.
 */
async function takeCalls(
  { meters }: ApiKeyCallersDeps,
  row: ApiKeyRow,
  calls: number,
): Promise<{
  readonly refusal?: AppError;
  readonly limits: readonly AdvertisedLimit[];
}> {
  const keyLimits = readLimits(row);
  if (!isLimited(keyLimits) || calls === 0) return { limits: [] };
  const { refused, limits, nowMs } = await meters.decide(meterOf(row), (state, nowMs) => {
    const pass = passCalls(state, keyLimits, { calls, nowMs });
    const limits = advertisedLimits(pass.counts, keyLimits, nowMs);
    return {
      state: pass.counts as MeterState,
      keepUntilMs: pass.keepUntilMs,
      result: { refused: pass.refused, limits, nowMs },
    };
  });
  if (!refused) return { limits };
  const seconds = waitSeconds(refused.retryAtMs - nowMs);
  const detail = { retryAfterSeconds: seconds, limits };
  const values = { limit: refused.description, seconds };
  return { limits, refusal: apiKeyErrors.ApiKeyLimitReached(values, { detail }) };
}
