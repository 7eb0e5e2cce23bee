import type { Actor, Membership } from './actor.js';
import { AppError, commonErrors } from './errors.js';

export interface MemberDeps {
  /** Throws OrganizationNotFound when the actor is not a member. */
  membershipOf(actor: Actor, organizationId: string): Promise<Membership>;
}

/** Returns the membership of a user; `undefined` when they are not a member. */
export async function loadMember(
  { membershipOf }: MemberDeps,
  userId: string,
  organizationId: string,
): Promise<Membership | undefined> {
  try {
    return await membershipOf({ kind: 'user', userId }, organizationId);
  } catch (error) {
    if (error instanceof AppError && error.spec === commonErrors.OrganizationNotFound.spec)
      return undefined;
    throw error;
  }
}
