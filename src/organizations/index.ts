export {
  createOrganizationDeletion,
  type OrganizationDeletion,
  type OrganizationPart,
} from './deletion.js';
export { organizationErrors } from './errors.js';
export {
  createInvitations,
  type Invitations,
  type InvitationView,
} from './invitations/invitations.js';
export {
  defaultInvitationMail,
  type InvitationMail,
  type InvitationNotice,
} from './invitations/mail.js';
export { invitationStore } from './invitations/store.js';
export { createOrganizations, type Organizations, type OrganizationView } from './organizations.js';
export { type Member, organizationStore } from './store.js';
export { type OrganizationResolver, ownOrganizations, type Tenancy, tenancyOf } from './tenancy.js';
