import { date, defineClass, pointer, text } from '../src/contract/index.js';

export const Organization = defineClass({
  name: 'Organization',
  summary:
    'A customer of the product. Its members are the users of the Parse roles org_<id>_<role>.',
  fields: {
    name: text('Shown to people.'),
    deletedAt: date.optional(
      'When it was deleted. Its rows are gone; this one stays until its audit log has been deleted.',
    ),
    deletedBy: pointer('_User').optional('The owner who deleted it; absent for the master key.'),
  },
  indexes: { byDeleted: ['deletedAt'] },
  read: 'acl',
});
