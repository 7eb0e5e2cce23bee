import type { Provider } from './provider.js';

/** A connector whose token endpoint the user enters. */
export function anywhere(acme: Provider['connector']): Provider['connector'] {
  return {
    ...acme,
    key: 'anywhere',
    fields: { where: { title: 'Where', type: 'url' } },
    auth: {
      consent: {
        ...acme.auth['consent'],
        tokenUrl: '{where}/token',
      } as (typeof acme.auth)['consent'] & object,
    },
  };
}
