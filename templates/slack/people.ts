import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { cursor, limit, METADATA, ok, user } from './shapes.js';

export const listUsers = defineAction({
  name: 'listUsers',
  summary: 'Lists the people of the workspace.',
  docs: 'https://docs.slack.dev/reference/methods/users.list',
  risk: 'read',
  scopes: ['users:read'],
  input: () => z.strictObject({ limit, cursor }),
  output: () => z.looseObject({ ok, members: z.array(user) }),
  request: (query) => ({ method: 'GET', path: path`/users.list`, query }),
  pages: { kind: 'cursor', items: '/members', next: METADATA, param: 'cursor' },
  example: {
    input: { limit: 1 },
    sends: { method: 'GET', url: 'https://slack.com/api/users.list?limit=1' },
    response: {
      body: {
        ok: true,
        members: [
          {
            id: 'W012A3CDE',
            team_id: 'T012AB3C4',
            name: 'spengler',
            deleted: false,
            real_name: 'spengler',
          },
        ],
        cache_ts: 1_498_777_272,
        response_metadata: { next_cursor: 'dXNlcjpVMEc5V0ZYTlo=' },
      },
    },
  },
});

export const getUser = defineAction({
  name: 'getUser',
  summary: 'Reads one person.',
  docs: 'https://docs.slack.dev/reference/methods/users.info',
  risk: 'read',
  scopes: ['users:read'],
  input: () => z.strictObject({ user: z.string().min(1) }),
  output: () => z.looseObject({ ok, user }),
  request: (query) => ({ method: 'GET', path: path`/users.info`, query }),
  example: {
    input: { user: 'W012A3CDE' },
    sends: { method: 'GET', url: 'https://slack.com/api/users.info?user=W012A3CDE' },
    response: {
      body: {
        ok: true,
        user: { id: 'W012A3CDE', team_id: 'T012AB3C4', name: 'spengler', deleted: false },
      },
    },
  },
});
