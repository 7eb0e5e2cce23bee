import { z } from 'zod';

import {
  type ConnectorSpec,
  defineAction,
  defineConnector,
  path,
} from '../../src/contract/index.js';

/** Describes the benchmark's receiver as a service with a key, a test and one action. */
export function sinkConnector(sinkUrl: string): ConnectorSpec {
  const url = sinkUrl.replace(/\/$/, '');
  const output = z.looseObject({ ok: z.boolean() });
  const response = { body: { ok: true } };
  return defineConnector({
    key: 'sink',
    name: 'Sink',
    category: 'generic',
    description: 'Responds with 200.',
    docs: 'https://sink.example/',
    support: 'community',
    version: '1.0.0',
    checkedOn: '2026-11-21',
    setup: ['None.'],
    servers: { api: url },
    auth: { key: { kind: 'bearer', token: { title: 'Key' } } },
    test: {
      request: { method: 'GET', path: path`/me` },
      example: { url: `${url}/me`, body: { ok: true } },
    },
    actions: [
      defineAction({
        name: 'read',
        summary: 'Reads.',
        docs: 'https://sink.example/',
        risk: 'read',
        input: () => z.strictObject({ n: z.number() }),
        output: () => output,
        request: ({ n }) => ({ method: 'GET', path: path`/things/${n}` }),
        example: { input: { n: 1 }, sends: { method: 'GET', url: `${url}/things/1` }, response },
      }),
    ],
    limits: {
      docs: 'https://sink.example/',
      budgets: [{ requests: 10_000_000, perSeconds: 60, scope: 'connection' }],
    },
  });
}
