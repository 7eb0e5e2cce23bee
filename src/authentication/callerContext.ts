import type { Services } from '../app/services.js';
import { type BearerActor, commonErrors } from '../contract/index.js';
import { createFreshCache } from '../platform/cache/freshCache.js';
import type { Clock } from '../platform/clock.js';
import type { HostAccess } from '../scopes/index.js';

/** As whom a key or a token acts at this moment, and what of the host it opens. */
export interface CallerContext {
  /** Returns the user as cloud code gets it: a new object for each request. */
  readonly user: () => object;
  readonly hostAccess: HostAccess;
  /** Parse roles that the user has in organizations other than the caller's. */
  readonly rolesElsewhere: ReadonlySet<string>;
}

/**
 * The contexts of callers, cached as briefly as keys are: a change by another process, or by the host itself, takes effect
 * within a second. Throws ApiKeyNotValid or OAuthTokenNotValid when the owner is no longer a member.
 */
export interface CallerContexts {
  of(actor: BearerActor): Promise<CallerContext>;
  /** Drops what is cached, after this process has changed who is a member of what. */
  changed(): void;
}

export interface CallerContextDeps {
  readonly services: Pick<Services, 'tenancy' | 'scopes'>;
  /** `undefined` when there is no such user. */
  loadUser(userId: string): Promise<(() => object) | undefined>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Makes the cache of caller contexts. */
export function createCallerContexts(deps: CallerContextDeps): CallerContexts {
  const cache = createFreshCache<CallerContext>(deps.clock);
  return {
    async of(actor) {
      const key = JSON.stringify([actor.organizationId, actor.ownerId, actor.scopes]);
      const context = await cache.load(key, () => loadContext(deps, actor));
      if (!context) throw notValid(actor);
      return context;
    },
    changed: () => {
      cache.changed();
    },
  };
}

/** Returns `undefined` when there is no such user. */
async function loadContext(
  { services, loadUser }: CallerContextDeps,
  actor: BearerActor,
): Promise<CallerContext | undefined> {
  const { tenancy, scopes } = services;
  const { organizationId, ownerId } = actor;
  const [{ permissions }, user, rolesElsewhere] = await Promise.all([
    tenancy.membershipOf(actor, organizationId),
    loadUser(ownerId),
    tenancy.rolesElsewhere(ownerId, organizationId),
  ]);
  return user && { user, rolesElsewhere, hostAccess: scopes.hostAccessOf(permissions) };
}

function notValid({ kind }: BearerActor) {
  return kind === 'apiKey' ? commonErrors.ApiKeyNotValid() : commonErrors.OAuthTokenNotValid();
}
