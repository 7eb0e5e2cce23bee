import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { channel, conversation, cursor, limit, METADATA, ok } from './shapes.js';

export const listChannels = defineAction({
  name: 'listChannels',
  summary: 'Lists the channels that the app can see.',
  docs: 'https://docs.slack.dev/reference/methods/conversations.list',
  risk: 'read',
  scopes: [['channels:read', 'groups:read']],
  input: () =>
    z.strictObject({
      types: z.string().optional().describe('Such as `public_channel,private_channel`.'),
      exclude_archived: z.boolean().optional(),
      limit,
      cursor,
    }),
  output: () => z.looseObject({ ok, channels: z.array(conversation) }),
  request: (query) => ({ method: 'GET', path: path`/conversations.list`, query }),
  pages: { kind: 'cursor', items: '/channels', next: METADATA, param: 'cursor' },
  example: {
    input: { exclude_archived: true, limit: 2 },
    sends: {
      method: 'GET',
      url: 'https://slack.com/api/conversations.list?exclude_archived=true&limit=2',
    },
    response: {
      body: {
        ok: true,
        channels: [
          { id: 'C012AB3CD', name: 'general', is_channel: true, num_members: 4 },
          { id: 'C061EG9T2', name: 'random', is_channel: true, num_members: 4 },
        ],
        response_metadata: { next_cursor: 'dGVhbTpDMDYxRkE1UEI=' },
      },
    },
  },
});

export const createChannel = defineAction({
  name: 'createChannel',
  summary: 'Creates a channel.',
  docs: 'https://docs.slack.dev/reference/methods/conversations.create',
  risk: 'write',
  scopes: ['channels:manage'],
  input: () =>
    z.strictObject({
      name: z
        .string()
        .regex(/^[^A-Z\s.]{1,80}$/)
        .describe('Lower case, without spaces or full stops.'),
      is_private: z.boolean().optional(),
    }),
  output: () => z.looseObject({ ok, channel: conversation }),
  request: (input) => ({
    method: 'POST',
    path: path`/conversations.create`,
    body: { json: input },
  }),
  example: {
    input: { name: 'endeavor' },
    sends: {
      method: 'POST',
      url: 'https://slack.com/api/conversations.create',
      json: { name: 'endeavor' },
    },
    response: {
      body: {
        ok: true,
        channel: {
          id: 'C0EAQDV4Z',
          name: 'endeavor',
          is_channel: true,
          created: 1_504_554_479,
          creator: 'U0123456',
        },
      },
    },
  },
});

export const inviteToChannel = defineAction({
  name: 'inviteToChannel',
  summary: 'Adds people to a channel.',
  docs: 'https://docs.slack.dev/reference/methods/conversations.invite',
  risk: 'write',
  scopes: ['channels:manage'],
  input: () => z.strictObject({ channel, users: z.array(z.string().min(1)).min(1).max(1000) }),
  output: () => z.looseObject({ ok, channel: conversation }),
  request: ({ users, ...input }) => ({
    method: 'POST',
    path: path`/conversations.invite`,
    body: { json: { ...input, users: users.join(',') } },
  }),
  example: {
    input: { channel: 'C012AB3CD', users: ['W1234567890', 'U2345678901'] },
    sends: {
      method: 'POST',
      url: 'https://slack.com/api/conversations.invite',
      json: { channel: 'C012AB3CD', users: 'W1234567890,U2345678901' },
    },
    response: {
      body: { ok: true, channel: { id: 'C012AB3CD', name: 'general', is_channel: true } },
    },
  },
});
