export { organizationErrors } from './errors.js';
export { createOrganizations, type Organizations, type OrganizationView } from './organizations.js';
export { type Member, organizationStore } from './store.js';
export { type OrganizationResolver, ownOrganizations, type Tenancy, tenancyOf } from './tenancy.js';
