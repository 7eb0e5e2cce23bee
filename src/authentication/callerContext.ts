import { LRUCache } from 'lru-cache';

import type { Services } from '../app/services.js';
import { type BearerActor, commonErrors } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import type { Reach } from '../scopes/index.js';

/** As whom a caller acts in this moment, and what of the host's is open to him. */
export interface Standing {
  /** A user as cloud code knows him, made anew for each request. */
  readonly person: () => object;
  readonly reach: Reach;
  /** Parse roles that the person has in organisations that the caller is not of. */
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

/** Counted from before anything was asked for; what is left of the second is for the asking. */
const FRESH_MS = 800;
const KNOWN_MAX = 10_000;

export interface StandingsDeps {
  readonly services: Pick<Services, 'tenancy' | 'scopes'>;
  /** `undefined` when there is no such user. */
  loadUser(userId: string): Promise<(() => object) | undefined>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

export function createStandings(deps: StandingsDeps): Standings {
  const known = new LRUCache<string, { readonly standing: Standing; readonly readAtMs: number }>({
    max: KNOWN_MAX,
  });
  let changes = 0;
  return {
    async of(actor) {
      const key = JSON.stringify([actor.organizationId, actor.keeperId, actor.scopes]);
      const entry = known.get(key);
      const readAtMs = deps.clock.monotonicMs();
      if (entry && readAtMs - entry.readAtMs < FRESH_MS) return entry.standing;
      const before = changes;
      const standing = await load(deps, actor);
      if (before === changes) known.set(key, { standing, readAtMs });
      return standing;
    },
    changed() {
      changes += 1;
      known.clear();
    },
  };
}

async function load({ services, loadUser }: StandingsDeps, actor: BearerActor): Promise<Standing> {
  const { tenancy, scopes } = services;
  const { organizationId, keeperId } = actor;
  const [{ permissions }, person, elsewhere] = await Promise.all([
    tenancy.membershipOf(actor, organizationId),
    loadUser(keeperId),
    tenancy.rolesElsewhere(keeperId, organizationId),
  ]);
  if (!person) throw notValid(actor);
  return { person, elsewhere, reach: scopes.reachOf(permissions) };
}

function notValid({ kind }: BearerActor) {
  return kind === 'apiKey' ? commonErrors.ApiKeyNotValid() : commonErrors.OAuthTokenNotValid();
}
