import type { Services } from '../app/services.js';
import { type BearerActor, commonErrors } from '../contract/index.js';
import { createFreshCache } from '../platform/cache/freshCache.js';
import type { Clock } from '../platform/clock.js';
import type { HostAccess } from '../scopes/index.js';

/** As whom a caller acts in this moment, and what of the host's is open to him. */
export interface Standing {
  /** A user as cloud code knows him, made anew for each request. */
  readonly person: () => object;
  readonly reach: HostAccess;
  /** Parse roles that the person has in organizations that the caller is not of. */
  readonly elsewhere: ReadonlySet<string>;
}

/**
 * What those who come with a key or a token are and may do, remembered as briefly as keys are: what other processes change,
 * or the host by ways of its own, is known within a second. Throws ApiKeyNotValid or
 * OAuthTokenNotValid for who is no longer a member.
 */
export interface Standings {
  of(actor: BearerActor): Promise<Standing>;
  /** What this process has changed of who belongs where holds from now on. */
  changed(): void;
}

export interface StandingsDeps {
  readonly services: Pick<Services, 'tenancy' | 'scopes'>;
  /** `undefined` when there is no such user. */
  loadUser(userId: string): Promise<(() => object) | undefined>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

export function createStandings(deps: StandingsDeps): Standings {
  const cache = createFreshCache<Standing>(deps.clock);
  return {
    async of(actor) {
      const key = JSON.stringify([actor.organizationId, actor.ownerId, actor.scopes]);
      const standing = await cache.load(key, () => load(deps, actor));
      if (!standing) throw notValid(actor);
      return standing;
    },
    changed: () => {
      cache.changed();
    },
  };
}

/** `undefined` when there is no such user. */
async function load(
  { services, loadUser }: StandingsDeps,
  actor: BearerActor,
): Promise<Standing | undefined> {
  const { tenancy, scopes } = services;
  const { organizationId, ownerId: keeperId } = actor;
  const [{ permissions }, person, elsewhere] = await Promise.all([
    tenancy.membershipOf(actor, organizationId),
    loadUser(keeperId),
    tenancy.rolesElsewhere(keeperId, organizationId),
  ]);
  return person && { person, elsewhere, reach: scopes.hostAccessOf(permissions) };
}

function notValid({ kind }: BearerActor) {
  return kind === 'apiKey' ? commonErrors.ApiKeyNotValid() : commonErrors.OAuthTokenNotValid();
}
