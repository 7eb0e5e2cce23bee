import { z } from 'zod';

import { defineAction, joinPath, path } from '../../src/contract/index.js';
import {
  expand,
  filter,
  GRAPH,
  id,
  listOf,
  odata,
  orderby,
  ownerPath,
  PAGES,
  REFERENCE,
  topOf,
  userId,
} from './shapes.js';
import { chatMessage, HELLO, messageInput } from './teamsMessages.js';

const chatId = id.describe('The id that listChats returns.');
const CHAT_ID = '19:2da4c29f6d7041eca70b638b43d45437@thread.v2';
const CHAT_URL = `${GRAPH}/chats/19%3A2da4c29f6d7041eca70b638b43d45437%40thread.v2`;

const chat = z.looseObject({
  id: z.string(),
  topic: z.string().nullable().optional(),
  chatType: z.string(),
});

export const listChats = defineAction({
  name: 'listChats',
  summary: 'Lists the chats that the account takes part in.',
  docs: `${REFERENCE}/chat-list`,
  risk: 'read',
  scopes: [['Chat.Read', 'Chat.ReadWrite']],
  input: () =>
    z.strictObject({
      userId,
      filter,
      orderby,
      expand: expand.describe('`members` or `lastMessagePreview`.'),
      top: topOf(50),
    }),
  output: () => listOf(chat),
  request: ({ userId: of, ...given }) => ({
    method: 'GET',
    path: joinPath(ownerPath(of), path`/chats`),
    query: odata(given),
  }),
  pages: PAGES,
  example: {
    input: { userId: '8b081ef6-4792-4def-b2c9-c363a1bf41d5', expand: 'members' },
    sends: {
      method: 'GET',
      url: `${GRAPH}/users/8b081ef6-4792-4def-b2c9-c363a1bf41d5/chats?%24expand=members`,
    },
    response: {
      body: {
        '@odata.count': 1,
        value: [
          {
            id: '19:561082c0f3f847a58069deb8eb300807@thread.v2',
            topic: 'Group chat sample',
            createdDateTime: '2020-12-03T19:41:07.054Z',
            lastUpdatedDateTime: '2020-12-08T23:53:11.012Z',
            chatType: 'group',
            members: [
              {
                '@odata.type': '#microsoft.graph.aadUserConversationMember',
                roles: [],
                displayName: 'Tony Stark',
                userId: '4595d2f2-7b31-446c-84fd-9b795e63114b',
                email: 'starkt@teamsgraph.onmicrosoft.com',
              },
            ],
          },
        ],
      },
    },
  },
});

export const createChat = defineAction({
  name: 'createChat',
  summary: 'Opens a chat. Two people have only one chat together, which is returned if it exists.',
  docs: `${REFERENCE}/chat-post`,
  risk: 'write',
  scopes: [['Chat.Create', 'Chat.ReadWrite']],
  input: () =>
    z.strictObject({
      chatType: z.enum(['oneOnOne', 'group']),
      topic: z.string().min(1).optional().describe('The topic of a group chat.'),
      members: z
        .array(
          z.strictObject({
            userId: id.describe('Id or userPrincipalName.'),
            roles: z.array(z.enum(['owner', 'guest'])).default(['owner']),
          }),
        )
        .min(2)
        .describe('All members, including the account itself.'),
    }),
  output: () => chat,
  request: ({ members, ...json }) => ({
    method: 'POST',
    path: path`/chats`,
    body: { json: { ...json, members: members.map(memberOf) } },
  }),
  example: {
    input: {
      chatType: 'oneOnOne',
      members: [
        { userId: '8b081ef6-4792-4def-b2c9-c363a1bf41d5' },
        { userId: '82af01c5-f7cc-4a2e-a728-3a5df21afd9d' },
      ],
    },
    sends: {
      method: 'POST',
      url: `${GRAPH}/chats`,
      json: {
        chatType: 'oneOnOne',
        members: [
          {
            '@odata.type': '#microsoft.graph.aadUserConversationMember',
            roles: ['owner'],
            'user@odata.bind':
              "https://graph.microsoft.com/v1.0/users('8b081ef6-4792-4def-b2c9-c363a1bf41d5')",
          },
          {
            '@odata.type': '#microsoft.graph.aadUserConversationMember',
            roles: ['owner'],
            'user@odata.bind':
              "https://graph.microsoft.com/v1.0/users('82af01c5-f7cc-4a2e-a728-3a5df21afd9d')",
          },
        ],
      },
    },
    response: {
      status: 201,
      body: {
        id: '19:82fe7758-5bb3-4f0d-a43f-e555fd399c6f_8c0a1a67-50ce-4114-bb6c-da9c5dbcf6ca@unq.gbl.spaces',
        topic: null,
        createdDateTime: '2020-12-04T23:10:28.51Z',
        lastUpdatedDateTime: '2020-12-04T23:10:28.51Z',
        chatType: 'oneOnOne',
      },
    },
  },
});

/** A quote within quotes is two: https://learn.microsoft.com/graph/query-parameters#escaping-single-quotes */
function memberOf(member: { readonly userId: string; readonly roles: readonly string[] }) {
  return {
    '@odata.type': '#microsoft.graph.aadUserConversationMember',
    roles: member.roles,
    'user@odata.bind': `${GRAPH}/users('${member.userId.replaceAll("'", "''")}')`,
  };
}

export const listChatMessages = defineAction({
  name: 'listChatMessages',
  summary: 'Reads the messages of a chat, newest first.',
  docs: `${REFERENCE}/chat-list-messages`,
  risk: 'read',
  scopes: [['Chat.Read', 'Chat.ReadWrite']],
  input: () =>
    z.strictObject({
      chatId,
      filter: filter.describe(
        'A filter by lastModifiedDateTime or createdDateTime; orderby must name the same.',
      ),
      orderby: orderby.describe('`lastModifiedDateTime desc` or `createdDateTime desc`.'),
      top: topOf(50),
    }),
  output: () => listOf(chatMessage),
  request: ({ chatId: of, ...given }) => ({
    method: 'GET',
    path: path`/chats/${of}/messages`,
    query: odata(given),
  }),
  pages: PAGES,
  example: {
    input: { chatId: CHAT_ID, top: 2 },
    sends: { method: 'GET', url: `${CHAT_URL}/messages?%24top=2` },
    response: {
      body: {
        '@odata.count': 2,
        '@odata.nextLink': `${CHAT_URL}/messages?$top=2&$skiptoken=M2UyZDAwMDAwMDMxMzkzYTMy`,
        value: [{ ...HELLO, chatId: CHAT_ID }],
      },
    },
  },
});

export const sendChatMessage = defineAction({
  name: 'sendChatMessage',
  summary: 'Sends a message to a chat as the user; an app without a user cannot.',
  docs: `${REFERENCE}/chat-post-messages`,
  risk: 'write',
  scopes: [['ChatMessage.Send', 'Chat.ReadWrite']],
  input: () => z.strictObject({ chatId, ...messageInput }),
  output: () => chatMessage,
  request: ({ chatId: of, ...json }) => ({
    method: 'POST',
    path: path`/chats/${of}/messages`,
    body: { json },
  }),
  example: {
    input: { chatId: CHAT_ID, body: { content: 'Hello world' } },
    sends: {
      method: 'POST',
      url: `${CHAT_URL}/messages`,
      json: { body: { content: 'Hello world' } },
    },
    response: {
      status: 201,
      body: {
        ...HELLO,
        id: '1616991463150',
        chatId: CHAT_ID,
        body: { contentType: 'text', content: 'Hello World' },
      },
    },
  },
});
