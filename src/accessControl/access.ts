import type { Membership } from '../contract/index.js';
import type { AccessList } from './accessControl.js';

/** `see`: find it and change its settings, where permissions allow that. `use`: call services through it. */
export type AccessLevel = 'see' | 'use';

/** Why a caller has access to an integration, or not. */
export const ACCESS_REASONS = [
  'masterKey',
  'owner',
  'admin',
  'organization',
  'role',
  'member',
  'apiKey',
  'oauthApp',
  'notListed',
  'connectionNotListed',
  'permissionMissing',
  'notMember',
] as const;
type AccessReason = (typeof ACCESS_REASONS)[number];

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason: AccessReason;
}

/**
 * Decides whether a caller has access by a list. Owners always have, so that no list locks an organization out. Admins
 * always see and change what they could open for themselves anyway. A program is matched by its own id alone: what its
 * owner may do does not count.
 */
export function decideAccess(
  { actor, role }: Pick<Membership, 'actor' | 'role'>,
  list: AccessList,
  level: AccessLevel,
): AccessDecision {
  if (actor.kind === 'master') return { allowed: true, reason: 'masterKey' };
  if (actor.kind === 'user' && role === 'owner') return { allowed: true, reason: 'owner' };
  if (list === undefined) return { allowed: true, reason: 'organization' };
  const matched = entriesOf({ actor, role }).find(({ entry }) => list.includes(entry));
  if (matched) return { allowed: true, reason: matched.reason };
  const isAdmin = actor.kind === 'user' && role === 'admin';
  return isAdmin && level === 'see'
    ? { allowed: true, reason: 'admin' }
    : { allowed: false, reason: 'notListed' };
}

export function maySee(membership: Membership, list: AccessList): boolean {
  return decideAccess(membership, list, 'see').allowed;
}

export function mayUse(membership: Membership, list: AccessList): boolean {
  return decideAccess(membership, list, 'use').allowed;
}

/**
 * Returns the condition for rows that a caller may see, whose field `accessList` has the list; it is empty where they
 * may see all.
 */
export function visibleTo({ actor, role }: Membership): Readonly<Record<string, unknown>> {
  const seesAll =
    actor.kind === 'master' || (actor.kind === 'user' && (role === 'owner' || role === 'admin'));
  if (seesAll) return {};
  const entries = entriesOf({ actor, role }).map(({ entry }) => entry);
  return { $or: [{ accessList: { $exists: false } }, { accessList: { $in: entries } }] };
}

function entriesOf({
  actor,
  role,
}: Pick<Membership, 'actor' | 'role'>): readonly { entry: string; reason: AccessReason }[] {
  switch (actor.kind) {
    case 'master':
      return [];
    case 'user':
      return [
        { entry: `role:${role ?? ''}`, reason: 'role' },
        { entry: `user:${actor.userId}`, reason: 'member' },
      ];
    case 'apiKey':
      return [{ entry: `apiKey:${actor.apiKeyId}`, reason: 'apiKey' }];
    case 'oauthToken':
      return [{ entry: `oauthApp:${actor.appId}`, reason: 'oauthApp' }];
  }
}
