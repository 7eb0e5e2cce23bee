import type { ApiKeyActor, AppError } from '../../contract/index.js';
import { commonErrors } from '../../contract/index.js';
import { addressMatcher } from '../../platform/http/index.js';
import { apiKeyErrors } from '../errors.js';
import type { KeyEnvironment } from '../secret.js';
import type { ApiKeyRow } from '../store.js';
import type { FoundKey } from './keys.js';

/** The origin of a request with a key. */
export interface RequestOrigin {
  readonly address: string | undefined;
  /** The browser's Origin header: https://www.rfc-editor.org/rfc/rfc6454#section-7 */
  readonly origin?: string | undefined;
}

export interface CheckOptions {
  readonly now: Date;
  readonly environments: readonly KeyEnvironment[];
}

/** Returns why a key cannot be used by this request now; `undefined` when it can. Does not check the permissions of its owner. */
export function problemOfKey(
  { row, endsAt }: FoundKey,
  { address, origin }: RequestOrigin,
  { now, environments }: CheckOptions,
): AppError | undefined {
  // The detail names the key for usage and audit; the response does not contain it.
  const of = { detail: { bearer: actorOf(row) } };
  const { environment } = row;
  if (isInactive(row, now) || (endsAt && endsAt <= now)) return commonErrors.ApiKeyNotValid({}, of);
  if (!environments.some((each) => each === environment))
    return apiKeyErrors.ApiKeyEnvironmentNotTaken({ environment }, of);
  if (row.addresses.length > 0 && !(address !== undefined && matcherOf(row)(address)))
    return apiKeyErrors.ApiKeyAddressNotAllowed({}, of);
  if (row.origins.length > 0 && !(origin !== undefined && row.origins.includes(origin)))
    return apiKeyErrors.ApiKeyOriginNotAllowed({}, of);
  return undefined;
}

/** Returns the actor of a key. */
export function actorOf({ id, organization, owner, scopes }: ApiKeyRow): ApiKeyActor {
  return {
    kind: 'apiKey',
    apiKeyId: id,
    organizationId: organization,
    ownerId: owner,
    scopes,
  };
}

/** Whether a key is revoked or expired. */
export function isInactive({ status, expiresAt }: ApiKeyRow, now: Date): boolean {
  return status !== 'active' || (expiresAt !== undefined && expiresAt <= now);
}

const matchers = new WeakMap<ApiKeyRow, (address: string) => boolean>();

/** Compiles the address matcher once for each cached row. */
function matcherOf(row: ApiKeyRow): (address: string) => boolean {
  const known = matchers.get(row);
  if (known) return known;
  const made = addressMatcher(row.addresses);
  matchers.set(row, made);
  return made;
}
