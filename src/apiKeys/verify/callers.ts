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
import { isLimited, type KeyLimits, keyLimitStatusOf, passCalls } from './limits.js';
import type { UsageCounter } from './usage.js';

/** One request with a key. */
interface KeyRequest extends RequestOrigin {
  readonly key: string;
  /** The functions that it calls, as often as it does: each is a call. */
  readonly functions: readonly string[];
  readonly agent?: string | undefined;
}

/** A key that works, and who comes with it. */
interface AuthenticatedKey {
  readonly actor: ApiKeyActor;
  readonly row: ApiKeyRow;
}

export interface ApiKeyCallers {
  /**
   * Who comes with a key, its calls counted. Throws ApiKeyNotValid, ApiKeyEnvironmentNotTaken, ApiKeyAddressNotAllowed,
   * ApiKeyOriginNotAllowed or ApiKeyLimitReached, or TooManyAttempts to whoever guesses; both have `retryAfterSeconds` in
   * their detail. What the key may do is asked at each call.
   */
  admit(request: KeyRequest): Promise<AuthenticatedKey>;
  /**
   * As `admit`, and what the key may do now. Throws PermissionDenied too; then nothing is counted. Wrong keys are not counted
   * either: whoever asks is a service of the host's.
   */
  verify(request: KeyRequest, permission: string | undefined): Promise<VerifiedKey>;
  /** What is left of the limits of a key. */
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
    const { row } = found;
    return { row, actor: actorOf(row) };
  }

  async function count(row: ApiKeyRow, request: KeyRequest): Promise<void> {
    const { functions, address, agent } = request;
    const refusal = await takeCalls(deps, row, functions.length);
    usage.record(row, { functions, isLimited: refusal !== undefined, address, agent });
    if (refusal) throw refusal;
  }

  return {
    async admit(request) {
      const attempt = { what: 'apiKey', address: request.address, secret: request.key } as const;
      if (!isWellFormedKey(request.key)) deps.bruteForce.recordMistyped(attempt);
      const caller = await find(request, (look) => deps.bruteForce.attempt(attempt, look));
      await count(caller.row, request);
      return caller;
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

/** Takes places for the calls; what stands against it. A key without limits costs nothing here. */
async function takeCalls(
  { meters }: ApiKeyCallersDeps,
  row: ApiKeyRow,
  calls: number,
): Promise<AppError | undefined> {
  const limits = readLimits(row);
  if (!isLimited(limits) || calls === 0) return undefined;
  const refused = await meters.decide(meterOf(row), (state, nowMs) => {
    const pass = passCalls(state, limits, { calls, nowMs });
    return {
      state: pass.counts as MeterState,
      keepUntilMs: pass.keepUntilMs,
      result: pass.refused && { ...pass.refused, nowMs },
    };
  });
  if (!refused) return undefined;
  const { description, retryAtMs, nowMs } = refused;
  const seconds = waitSeconds(retryAtMs - nowMs);
  const detail = { retryAfterSeconds: seconds };
  return apiKeyErrors.ApiKeyLimitReached({ limit: description, seconds }, { detail });
}
