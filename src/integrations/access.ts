import { type AccessDecision, decideAccess } from '../accessControl/index.js';
import type { Connections } from '../connections/index.js';
import {
  loadMember,
  type MemberDeps,
  type Membership,
  type Permission,
  permissionDenied,
} from '../contract/index.js';
import type { IntegrationRow } from './store.js';

interface AccessDeps extends MemberDeps {
  readonly connections: Pick<Connections, 'load'>;
}

interface AccessQuestion {
  /** The caller. */
  readonly membership: Membership;
  readonly integration: IntegrationRow;
  readonly permission: Permission;
  /** The member that the question is about. Default: the caller. */
  readonly userId?: string | undefined;
}

/** Returns whether a caller or a member has a permission on an integration, and why. */
export async function explainAccess(
  deps: AccessDeps,
  { membership, integration, permission, userId }: AccessQuestion,
): Promise<AccessDecision> {
  const { actor } = membership;
  const isOther = userId !== undefined && !(actor.kind === 'user' && actor.userId === userId);
  if (isOther && !membership.permissions.has('members:read')) {
    throw permissionDenied(actor, 'members:read');
  }
  const subject = isOther ? await loadMember(deps, userId, integration.organization) : membership;
  if (!subject) return { allowed: false, reason: 'notMember' };
  if (!subject.permissions.has(permission)) return { allowed: false, reason: 'permissionMissing' };
  if (permission !== 'integrations:execute') {
    return decideAccess(subject, integration.accessList, 'see');
  }
  const decision = decideAccess(subject, integration.accessList, 'use');
  if (!decision.allowed || integration.connection === undefined) return decision;
  const connection = await deps.connections.load(integration.connection);
  return decideAccess(subject, connection?.accessList, 'use').allowed
    ? decision
    : { allowed: false, reason: 'connectionNotListed' };
}
