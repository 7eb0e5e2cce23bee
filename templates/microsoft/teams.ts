import { z } from 'zod';

import { defineAction, joinPath, path } from '../../src/contract/index.js';
import {
  expand,
  filter,
  GRAPH,
  id,
  listOf,
  odata,
  ownerPath,
  PAGES,
  REFERENCE,
  select,
  topOf,
  userId,
} from './shapes.js';
import { chatMessage, HELLO, messageInput } from './teamsMessages.js';

const teamId = id.describe('The id that listJoinedTeams returns.');
const channelId = id.describe('The id that listChannels returns.');

const CHANNEL = {
  teamId: 'fbe2bf47-16c8-47cf-b4a5-4b9b187c508b',
  channelId: '19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2',
};
const CHANNEL_URL = `${GRAPH}/teams/fbe2bf47-16c8-47cf-b4a5-4b9b187c508b/channels/19%3A4a95f7d8db4c4e7fae857bcebe0623e6%40thread.tacv2`;

const named = z.looseObject({
  id: z.string(),
  displayName: z.string().nullable(),
  description: z.string().nullable().optional(),
});

export const listJoinedTeams = defineAction({
  name: 'listJoinedTeams',
  summary: 'Lists the teams that the account is a member of.',
  docs: `${REFERENCE}/user-list-joinedteams`,
  risk: 'read',
  scopes: ['Team.ReadBasic.All'],
  input: () => z.strictObject({ userId }),
  output: () => listOf(named),
  request: ({ userId: of }) => ({
    method: 'GET',
    path: joinPath(ownerPath(of), path`/joinedTeams`),
  }),
  pages: PAGES,
  example: {
    input: {},
    sends: { method: 'GET', url: `${GRAPH}/me/joinedTeams` },
    response: {
      body: {
        value: [
          {
            id: '172b0cce-e65d-44ce-9a49-91d9f2e8493a',
            displayName: 'Contoso Team',
            description:
              'This is a Contoso team, used to showcase the range of properties supported by this API',
          },
        ],
      },
    },
  },
});

export const listChannels = defineAction({
  name: 'listChannels',
  summary: 'Lists the channels of a team.',
  docs: `${REFERENCE}/channel-list`,
  risk: 'read',
  scopes: ['Channel.ReadBasic.All'],
  input: () => z.strictObject({ teamId, select, filter }),
  output: () => listOf(named),
  request: ({ teamId: of, ...given }) => ({
    method: 'GET',
    path: path`/teams/${of}/channels`,
    query: odata(given),
  }),
  pages: PAGES,
  example: {
    input: {
      teamId: CHANNEL.teamId,
      filter: "membershipType eq 'standard'",
    },
    sends: {
      method: 'GET',
      url: `${GRAPH}/teams/fbe2bf47-16c8-47cf-b4a5-4b9b187c508b/channels?%24filter=membershipType+eq+%27standard%27`,
    },
    response: {
      body: {
        value: [
          {
            id: CHANNEL.channelId,
            displayName: 'General',
            description: 'For all that concerns all',
            membershipType: 'standard',
          },
        ],
      },
    },
  },
});

export const listChannelMessages = defineAction({
  name: 'listChannelMessages',
  summary: 'Reads the messages of a channel, newest first, by default without replies.',
  docs: `${REFERENCE}/channel-list-messages`,
  risk: 'read',
  scopes: ['ChannelMessage.Read.All'],
  input: () =>
    z.strictObject({
      teamId,
      channelId,
      expand: expand.describe('`replies` to include replies.'),
      top: topOf(50).describe('Default 20.'),
    }),
  output: () => listOf(chatMessage),
  request: ({ teamId: of, channelId: channel, ...given }) => ({
    method: 'GET',
    path: path`/teams/${of}/channels/${channel}/messages`,
    query: odata(given),
  }),
  pages: PAGES,
  example: {
    input: { ...CHANNEL, top: 3 },
    sends: { method: 'GET', url: `${CHANNEL_URL}/messages?%24top=3` },
    response: {
      body: {
        '@odata.count': 3,
        '@odata.nextLink': `${CHANNEL_URL}/messages?$skiptoken=%5b%7B%22token%22%3a%22RT%3a1`,
        value: [HELLO],
      },
    },
  },
});

export const sendChannelMessage = defineAction({
  name: 'sendChannelMessage',
  summary: 'Sends a message to a channel as the user; an app without a user cannot.',
  docs: `${REFERENCE}/channel-post-messages`,
  risk: 'write',
  scopes: ['ChannelMessage.Send'],
  input: () =>
    z.strictObject({ teamId, channelId, ...messageInput, subject: z.string().optional() }),
  output: () => chatMessage,
  request: ({ teamId: of, channelId: channel, ...json }) => ({
    method: 'POST',
    path: path`/teams/${of}/channels/${channel}/messages`,
    body: { json },
  }),
  example: {
    input: {
      ...CHANNEL,
      body: { contentType: 'html', content: 'Hello World <at id="0">Jane Smith</at>' },
      mentions: [
        {
          id: 0,
          mentionText: 'Jane Smith',
          mentioned: {
            user: {
              displayName: 'Jane Smith',
              id: 'ef1c916a-3135-4417-ba27-8eb7bd084193',
              userIdentityType: 'aadUser',
            },
          },
        },
      ],
    },
    sends: {
      method: 'POST',
      url: `${CHANNEL_URL}/messages`,
      json: {
        body: { contentType: 'html', content: 'Hello World <at id="0">Jane Smith</at>' },
        mentions: [
          {
            id: 0,
            mentionText: 'Jane Smith',
            mentioned: {
              user: {
                displayName: 'Jane Smith',
                id: 'ef1c916a-3135-4417-ba27-8eb7bd084193',
                userIdentityType: 'aadUser',
              },
            },
          },
        ],
      },
    },
    response: { status: 201, body: HELLO },
  },
});

export const replyToChannelMessage = defineAction({
  name: 'replyToChannelMessage',
  summary: 'Replies to a message of a channel.',
  docs: `${REFERENCE}/chatmessage-post-replies`,
  risk: 'write',
  scopes: ['ChannelMessage.Send'],
  input: () => z.strictObject({ teamId, channelId, messageId: id, ...messageInput }),
  output: () => chatMessage,
  request: ({ teamId: of, channelId: channel, messageId, ...json }) => ({
    method: 'POST',
    path: path`/teams/${of}/channels/${channel}/messages/${messageId}/replies`,
    body: { json },
  }),
  example: {
    input: {
      ...CHANNEL,
      messageId: '1616990032035',
      body: { contentType: 'html', content: 'Hello World' },
    },
    sends: {
      method: 'POST',
      url: `${CHANNEL_URL}/messages/1616990032035/replies`,
      json: { body: { contentType: 'html', content: 'Hello World' } },
    },
    response: {
      status: 201,
      body: { ...HELLO, id: '1616990171266', replyToId: '1616990032035' },
    },
  },
});
