import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { blocks, channel, cursor, limit, message, METADATA, ok, ts } from './shapes.js';

export const sendMessage = defineAction({
  name: 'sendMessage',
  summary: 'Sends a message to a channel or person, or replies in a thread.',
  docs: 'https://docs.slack.dev/reference/methods/chat.postMessage',
  risk: 'write',
  scopes: ['chat:write'],
  input: () =>
    z.strictObject({
      channel,
      text: z
        .string()
        .min(1)
        .max(40_000)
        .describe('The text; with blocks, the text of notifications.'),
      blocks,
      thread_ts: ts.optional(),
      unfurl_links: z.boolean().optional(),
    }),
  output: () => z.looseObject({ ok, channel: z.string(), ts: z.string(), message }),
  request: (input) => ({ method: 'POST', path: path`/chat.postMessage`, body: { json: input } }),
  example: {
    input: { channel: 'C123ABC456', text: 'Here is a message for you' },
    sends: {
      method: 'POST',
      url: 'https://slack.com/api/chat.postMessage',
      json: { channel: 'C123ABC456', text: 'Here is a message for you' },
    },
    response: {
      body: {
        ok: true,
        channel: 'C123ABC456',
        ts: '1503435956.000247',
        message: {
          text: 'Here is a message for you',
          username: 'ecto1',
          bot_id: 'B123ABC456',
          type: 'message',
          subtype: 'bot_message',
          ts: '1503435956.000247',
        },
      },
    },
  },
});

export const updateMessage = defineAction({
  name: 'updateMessage',
  summary: 'Changes a message that the app has sent.',
  docs: 'https://docs.slack.dev/reference/methods/chat.update',
  risk: 'write',
  idempotent: true,
  scopes: ['chat:write'],
  input: () => z.strictObject({ channel, ts, text: z.string().min(1).max(40_000), blocks }),
  output: () => z.looseObject({ ok, channel: z.string(), ts: z.string(), text: z.string() }),
  request: (input) => ({ method: 'POST', path: path`/chat.update`, body: { json: input } }),
  example: {
    input: {
      channel: 'C123ABC456',
      ts: '1401383885.000061',
      text: 'Updated text you carefully authored',
    },
    sends: {
      method: 'POST',
      url: 'https://slack.com/api/chat.update',
      json: {
        channel: 'C123ABC456',
        ts: '1401383885.000061',
        text: 'Updated text you carefully authored',
      },
    },
    response: {
      body: {
        ok: true,
        channel: 'C123ABC456',
        ts: '1401383885.000061',
        text: 'Updated text you carefully authored',
        message: { text: 'Updated text you carefully authored', user: 'U34567890' },
      },
    },
  },
});

export const deleteMessage = defineAction({
  name: 'deleteMessage',
  summary: 'Deletes a message that the app has sent.',
  docs: 'https://docs.slack.dev/reference/methods/chat.delete',
  risk: 'write',
  scopes: ['chat:write'],
  input: () => z.strictObject({ channel, ts }),
  output: () => z.looseObject({ ok, channel: z.string(), ts: z.string() }),
  request: (input) => ({ method: 'POST', path: path`/chat.delete`, body: { json: input } }),
  example: {
    input: { channel: 'C123ABC456', ts: '1401383885.000061' },
    sends: {
      method: 'POST',
      url: 'https://slack.com/api/chat.delete',
      json: { channel: 'C123ABC456', ts: '1401383885.000061' },
    },
    response: { body: { ok: true, channel: 'C123ABC456', ts: '1401383885.000061' } },
  },
});

export const getMessages = defineAction({
  name: 'getMessages',
  summary: 'Reads the messages of a channel, newest first.',
  docs: 'https://docs.slack.dev/reference/methods/conversations.history',
  risk: 'read',
  scopes: [['channels:history', 'groups:history']],
  input: () =>
    z.strictObject({
      channel,
      oldest: ts.optional(),
      latest: ts.optional(),
      inclusive: z.boolean().optional(),
      limit,
      cursor,
    }),
  output: () => z.looseObject({ ok, messages: z.array(message), has_more: z.boolean() }),
  request: (query) => ({ method: 'GET', path: path`/conversations.history`, query }),
  pages: { kind: 'cursor', items: '/messages', next: METADATA, param: 'cursor' },
  example: {
    input: { channel: 'C123ABC456', limit: 1 },
    sends: {
      method: 'GET',
      url: 'https://slack.com/api/conversations.history?channel=C123ABC456&limit=1',
    },
    response: {
      body: {
        ok: true,
        messages: [
          {
            type: 'message',
            user: 'U123ABC456',
            text: 'I find you punny',
            ts: '1512085950.000216',
          },
        ],
        has_more: true,
        response_metadata: { next_cursor: 'bmV4dF90czoxNTEyMDg1ODYxMDAwNTQz' },
      },
    },
  },
});

export const addReaction = defineAction({
  name: 'addReaction',
  summary: 'Adds an emoji to a message.',
  docs: 'https://docs.slack.dev/reference/methods/reactions.add',
  risk: 'write',
  scopes: ['reactions:write'],
  input: () =>
    z.strictObject({
      channel,
      timestamp: ts,
      name: z.string().min(1).describe('The name of the emoji, without colons.'),
    }),
  output: () => z.looseObject({ ok }),
  request: (input) => ({ method: 'POST', path: path`/reactions.add`, body: { json: input } }),
  example: {
    input: { channel: 'C123ABC456', name: 'thumbsup', timestamp: '1234567890.123456' },
    sends: {
      method: 'POST',
      url: 'https://slack.com/api/reactions.add',
      json: { channel: 'C123ABC456', name: 'thumbsup', timestamp: '1234567890.123456' },
    },
    response: { body: { ok: true } },
  },
});
