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
      'This is the last owner, and an organization must have one. Make another member an owner first.',
  },
  OwnersOnly: {
    code: 7105,
    status: 403,
    message: 'Only an owner may add, change or remove an owner.',
  },
});
