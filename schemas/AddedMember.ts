import { defineClass, ORGANIZATION_CLASS, pointer } from '../src/contract/index.js';

export const AddedMember = defineClass({
  name: 'AddedMember',
  summary:
    'A member whom the host added with the master key, without their consent. Memberships without a row were created or accepted by the member, or are older than this class.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    user: pointer('_User')(),
  },
  indexes: { byOrganization: ['organization'] },
  read: 'masterKey',
});
