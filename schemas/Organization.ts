import { defineClass, text } from '../src/contract/index.js';

export const Organization = defineClass({
  name: 'Organization',
  summary:
    'A customer of the product. Its members are the users of the Parse roles org_<id>_<role>.',
  fields: {
    name: text('Shown to people.'),
  },
  read: 'acl',
});
