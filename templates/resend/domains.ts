import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { id, pageInput, pageOf, PAGES } from './shapes.js';

const domain = z.looseObject({
  id,
  name: z.string(),
  status: z.string().describe('`verified`, `pending`, `failed` …'),
  created_at: z.string(),
  region: z.string(),
});

/** As documented: https://resend.com/docs/api-reference/domains/list-domains */
export const DOMAIN = {
  id: 'd91cd9bd-1176-453e-8fc1-35364d380206',
  name: 'example.com',
  status: 'not_started',
  created_at: '2023-04-26 20:21:26.347412+00',
  region: 'us-east-1',
};

export const listDomains = defineAction({
  name: 'listDomains',
  summary: 'Lists the domains from which e-mails can be sent.',
  docs: 'https://resend.com/docs/api-reference/domains/list-domains',
  risk: 'read',
  input: () => z.strictObject(pageInput),
  output: () => pageOf(domain),
  request: (query) => ({ method: 'GET', path: path`/domains`, query }),
  pages: PAGES,
  example: {
    input: {},
    sends: { method: 'GET', url: 'https://api.resend.com/domains' },
    response: { body: { object: 'list', has_more: false, data: [DOMAIN] } },
  },
});

export const getDomain = defineAction({
  name: 'getDomain',
  summary: 'Reads a domain, with the DNS records that verify it.',
  docs: 'https://resend.com/docs/api-reference/domains/get-domain',
  risk: 'read',
  input: () => z.strictObject({ domain_id: id }),
  output: () =>
    domain.extend({
      records: z.array(
        z.looseObject({
          type: z.string(),
          name: z.string(),
          value: z.string(),
          status: z.string(),
        }),
      ),
    }),
  request: ({ domain_id }) => ({ method: 'GET', path: path`/domains/${domain_id}` }),
  example: {
    input: { domain_id: DOMAIN.id },
    sends: { method: 'GET', url: `https://api.resend.com/domains/${DOMAIN.id}` },
    response: {
      body: {
        object: 'domain',
        ...DOMAIN,
        records: [
          {
            record: 'SPF',
            name: 'send',
            type: 'TXT',
            ttl: 'Auto',
            status: 'not_started',
            value: '"v=spf1 include:amazonses.com ~all"',
          },
        ],
      },
    },
  },
});
