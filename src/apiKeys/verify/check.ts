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
  { row, acting, endsAt }: FoundKey,
  { address, origin }: RequestOrigin,
  { now, environments }: CheckOptions,
): AppError | undefined {
  // The detail names the key for usage and audit; the response does not contain it.
  const of = { detail: { bearer: actorOf(acting) } };
  const { environment } = row;
  if (isInactive(acting, now) || (endsAt && endsAt <= now))
    return commonErrors.ApiKeyNotValid({}, of);
  if (!environments.some((each) => each === environment))
    return apiKeyErrors.ApiKeyEnvironmentNotTaken({ environment }, of);
  const both = acting === row ? [row] : [row, acting];
  if (!both.every((each) => isAddressAllowed(each, address)))
    return apiKeyErrors.ApiKeyAddressNotAllowed({}, of);
  if (!both.every((each) => isOriginAllowed(each, origin)))
    return apiKeyErrors.ApiKeyOriginNotAllowed({}, of);
  return undefined;
}

function isAddressAllowed(row: ApiKeyRow, address: string | undefined): boolean {
  return row.addresses.length === 0 || (address !== undefined && matcherOf(row)(address));
}

function isOriginAllowed({ origins }: ApiKeyRow, origin: string | undefined): boolean {
  return origins.length === 0 || (origin !== undefined && origins.includes(origin));
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
