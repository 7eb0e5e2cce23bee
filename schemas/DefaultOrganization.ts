import { defineClass, ORGANIZATION_CLASS, pointer } from '../src/contract/index.js';

export const DefaultOrganization = defineClass({
  name: 'DefaultOrganization',
  summary: 'The organization that a user has chosen for calls without organizationId.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    user: pointer('_User')(),
  },
  indexes: { byOrganization: ['organization'] },
  read: 'masterKey',
});
