import type { ApiKeyActor, AppError } from '../../contract/index.js';
import { commonErrors } from '../../contract/index.js';
import { addressMatcher } from '../../platform/http/index.js';
import { apiKeyErrors } from '../errors.js';
import type { KeyEnvironment } from '../secret.js';
import type { ApiKeyRow } from '../store.js';
import type { FoundKey } from './keys.js';

/** From where a key came. */
export interface RequestOrigin {
  readonly address: string | undefined;
  /** What a browser says of the page: https://www.rfc-editor.org/rfc/rfc6454#section-7 */
  readonly origin?: string | undefined;
}

export interface CheckOptions {
  readonly now: Date;
  readonly environments: readonly KeyEnvironment[];
}

/** Why a key that was found does not work here and now; `undefined` when it does. What its keeper may do is another question. */
export function problemOfKey(
  { row, endsAt }: FoundKey,
  { address, origin }: RequestOrigin,
  { now, environments }: CheckOptions,
): AppError | undefined {
  // Whose key it is, for those who keep account; who sent it is not told more than before.
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

/** Who comes with a key. */
export function actorOf({ id, organization, owner: keeper, scopes }: ApiKeyRow): ApiKeyActor {
  return {
    kind: 'apiKey',
    apiKeyId: id,
    organizationId: organization,
    ownerId: keeper,
    scopes,
  };
}

/** Revoked or expired. */
export function isInactive({ status, expiresAt }: ApiKeyRow, now: Date): boolean {
  return status !== 'active' || (expiresAt !== undefined && expiresAt <= now);
}

const matchers = new WeakMap<ApiKeyRow, (address: string) => boolean>();

/** Made once for a row as long as it is remembered. */
function matcherOf(row: ApiKeyRow): (address: string) => boolean {
  const known = matchers.get(row);
  if (known) return known;
  const made = addressMatcher(row.addresses);
  matchers.set(row, made);
  return made;
}
