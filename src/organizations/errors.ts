import { defineErrors } from '../contract/index.js';

/** 7100 to 7199. */
export const organizationErrors = defineErrors({
  UserNotFound: {
    code: 7101,
    status: 404,
    message: 'There is no such user. Ask them to sign up first.',
  },
  AlreadyMember: {
    code: 7102,
    status: 409,
    message: 'That user is already a member. Use setOrganizationMemberRole to change the role.',
  },
  MemberNotFound: {
    code: 7103,
    status: 404,
    message: 'That user is not a member of this organization.',
  },
  LastOwner: {
    code: 7104,
    status: 409,
    message:
      'This is the last owner, and an organization must have one. Make another member an owner with transferOrganizationOwnership, or end the organization with deleteOrganization.',
  },
  OwnersOnly: {
    code: 7105,
    status: 403,
    message: 'Only an owner may add, change or remove an owner.',
  },
  InvitationNotValid: {
    code: 7106,
    status: 404,
    message:
      'This invitation cannot be accepted or declined: it is unknown, expired, used or revoked, or is for another user. Ask for a new one.',
  },
  InvitationNotFound: {
    code: 7107,
    status: 404,
    message: 'This organization has no pending invitation with that id.',
  },
  InvitationCountReached: {
    code: 7108,
    status: 409,
    message:
      'The organization has {max} pending invitations, and cannot have more. Revoke some with revokeOrganizationInvitation.',
  },
  InvitationMailsLimited: {
    code: 7109,
    status: 429,
    message: 'Too many invitations were sent. Try again in {seconds} seconds.',
  },
  InvitationNotMailed: {
    code: 7110,
    status: 502,
    message: 'The invitation could not be mailed, and was revoked. Try again later.',
  },
  OwnerRequired: {
    code: 7111,
    status: 403,
    message: 'Only an owner of the organization may do this.',
  },
  NameNotConfirmed: {
    code: 7112,
    status: 409,
    message:
      'Nothing was deleted. Pass the name of the organization as confirmName to delete it, or dryRun: true to see what would end.',
  },
});
