import { date, defineClass, ORGANIZATION_CLASS, pointer, text } from '../src/contract/index.js';

/** See src/organizations/README.md. No client reads it through Parse: it has e-mail addresses. */
export const OrganizationInvitation = defineClass({
  name: 'OrganizationInvitation',
  summary:
    'An invitation to become a member of an organization. Its link is not stored, only a hash of it.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    email: text('The invited e-mail address, in lower case.'),
    role: text('The role that the invited user gets.'),
    invitedBy: pointer('_User').optional('The member who invited; absent for the master key.'),
    tokenHash: text('HMAC-SHA-256 of the token in the link.'),
    pepper: text('The id of the pepper of the hash.'),
    status: text('pending, accepted, declined or revoked.'),
    settledBy: pointer('_User').optional('The user who accepted or declined.'),
    expiresAt: date('When it can no longer be accepted.'),
  },
  indexes: {
    byOrganization: ['organization', 'status', 'createdAt'],
    byEmail: ['email', 'status', 'createdAt'],
    byExpiry: ['expiresAt'],
  },
  unique: { byToken: ['tokenHash'] },
  hidden: ['tokenHash'],
  audited: ['role', 'status'],
  read: 'masterKey',
});
