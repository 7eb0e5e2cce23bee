import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { done, GRAPH, id, nothing, REFERENCE, time } from './shapes.js';

const subscription = z.looseObject({
  id: z.string(),
  resource: z.string(),
  changeType: z.string(),
  expirationDateTime: z.string(),
});

/** Mail and events: under seven days. Messages of Teams: three. https://learn.microsoft.com/graph/api/resources/subscription */
const expirationDateTime = time.describe('At most some days ahead, depending on the resource.');

const INBOX = {
  id: '7f105c7d-2dc5-4530-97cd-4e7ae6534c07',
  resource: "me/mailFolders('Inbox')/messages",
  applicationId: '24d3b144-21ae-4080-943f-7067b395b913',
  changeType: 'created',
  clientState: 'secretClientValue',
  notificationUrl: 'https://webhook.azurewebsites.net/api/send/myNotifyClient',
  expirationDateTime: '2016-11-20T18:23:45.9356913Z',
  creatorId: '8ee44408-0679-472c-bc2a-692812af3437',
};

export const createSubscription = defineAction({
  name: 'createSubscription',
  summary:
    'Subscribes to change notifications. The URL must respond to the validation request that follows immediately.',
  docs: `${REFERENCE}/subscription-post-subscriptions`,
  risk: 'write',
  // The permissions of the watched resource.
  input: () =>
    z.strictObject({
      changeType: z
        .string()
        .regex(/^(?:created|updated|deleted)(?:,(?:created|updated|deleted))*$/),
      notificationUrl: z.url({ protocol: /^https$/ }),
      lifecycleNotificationUrl: z.url({ protocol: /^https$/ }).optional(),
      resource: z
        .string()
        .min(1)
        .describe('Such as `me/events` or `teams/{id}/channels/{id}/messages`.'),
      expirationDateTime,
      clientState: z
        .string()
        .max(128)
        .optional()
        .describe('A text that each notification contains.'),
    }),
  output: () => subscription,
  request: (json) => ({ method: 'POST', path: path`/subscriptions`, body: { json } }),
  example: {
    input: {
      changeType: 'created',
      notificationUrl: 'https://webhook.azurewebsites.net/api/send/myNotifyClient',
      resource: "me/mailFolders('Inbox')/messages",
      expirationDateTime: '2016-11-20T18:23:45.9356913Z',
      clientState: 'secretClientValue',
    },
    sends: {
      method: 'POST',
      url: `${GRAPH}/subscriptions`,
      json: {
        changeType: 'created',
        notificationUrl: 'https://webhook.azurewebsites.net/api/send/myNotifyClient',
        resource: "me/mailFolders('Inbox')/messages",
        expirationDateTime: '2016-11-20T18:23:45.9356913Z',
        clientState: 'secretClientValue',
      },
    },
    response: { status: 201, body: INBOX },
  },
});

export const renewSubscription = defineAction({
  name: 'renewSubscription',
  summary: 'Renews a subscription to change notifications.',
  docs: `${REFERENCE}/subscription-update`,
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ subscriptionId: id, expirationDateTime }),
  output: () => subscription,
  request: ({ subscriptionId, ...json }) => ({
    method: 'PATCH',
    path: path`/subscriptions/${subscriptionId}`,
    body: { json },
  }),
  example: {
    input: { subscriptionId: INBOX.id, expirationDateTime: '2016-11-22T18:23:45.9356913Z' },
    sends: {
      method: 'PATCH',
      url: `${GRAPH}/subscriptions/7f105c7d-2dc5-4530-97cd-4e7ae6534c07`,
      json: { expirationDateTime: '2016-11-22T18:23:45.9356913Z' },
    },
    response: { body: { ...INBOX, expirationDateTime: '2016-11-22T18:23:45.9356913Z' } },
  },
});

export const deleteSubscription = defineAction({
  name: 'deleteSubscription',
  summary: 'Ends a subscription to change notifications.',
  docs: `${REFERENCE}/subscription-delete`,
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ subscriptionId: id }),
  output: () => nothing,
  request: ({ subscriptionId }) => ({
    method: 'DELETE',
    path: path`/subscriptions/${subscriptionId}`,
  }),
  response: done,
  example: {
    input: { subscriptionId: INBOX.id },
    sends: {
      method: 'DELETE',
      url: `${GRAPH}/subscriptions/7f105c7d-2dc5-4530-97cd-4e7ae6534c07`,
    },
    response: { status: 204, body: null },
  },
});
