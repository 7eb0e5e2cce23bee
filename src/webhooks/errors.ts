import { defineErrors } from '../contract/index.js';

/** 7200 to 7299: events and their types. */
export const eventErrors = defineErrors({
  EventNotFound: { code: 7201, status: 404, message: 'This organization has no such event.' },
  EventTooLarge: {
    code: 7202,
    status: 413,
    message:
      'The event has {bytes} bytes; at most {bytesMax} are allowed. Send an id and let the receiver fetch the rest.',
  },
  IdempotencyKeyReused: {
    code: 7203,
    status: 409,
    message:
      'This idempotency key was used in the last 24 hours for an event with another type or other data. Use a new key for a new event.',
  },
  EventTypeNotFound: {
    code: 7204,
    status: 404,
    message: 'This organization has no such event type.',
  },
  EventTypeExists: {
    code: 7205,
    status: 409,
    message: 'An event type with this name already exists. Use updateEventType to change it.',
  },
  EventTypeArchived: {
    code: 7206,
    status: 409,
    message:
      'The event type {type} is archived, so its events are refused. Use updateEventType with archived: false to restore it.',
  },
  DataDoesNotMatch: {
    code: 7207,
    status: 422,
    message: 'The data does not match the JSON Schema of {type}: {problems}.',
  },
  EventTooDeep: {
    code: 7209,
    status: 422,
    message:
      'The data nests deeper than {depthMax} levels, which many receivers cannot read. Flatten it.',
  },
  SchemaNotUsable: {
    code: 7208,
    status: 422,
    message: 'This JSON Schema cannot be used: {problem}.',
  },
});

/** 7300 to 7399: webhooks and their deliveries. */
export const webhookErrors = defineErrors({
  WebhookNotFound: { code: 7301, status: 404, message: 'This organization has no such webhook.' },
  WebhookLimitReached: {
    code: 7302,
    status: 409,
    message:
      'This organization has {limit} webhooks, which is the limit. Delete one that is no longer used.',
  },
  WebhookChanged: {
    code: 7303,
    status: 409,
    message: 'Another request changed this webhook at the same time. Load it again and retry.',
  },
  WebhookNotActive: {
    code: 7304,
    status: 409,
    message: 'This webhook is {status}. Set its status to active first.',
  },
  DeliveryNotFound: { code: 7305, status: 404, message: 'This organization has no such delivery.' },
  DeliveryPending: {
    code: 7306,
    status: 409,
    message:
      'An attempt of this delivery is under way or about to start. Retry it after the attempt has ended.',
  },
  DeliveryChanged: {
    code: 7309,
    status: 409,
    message:
      'An attempt of this delivery ended at the same time. Read the delivery again before you retry it.',
  },
  SecretNotUsable: { code: 7307, status: 422, message: 'The secret cannot be used: {problem}' },
  SignatureHeaderNotAllowed: {
    code: 7308,
    status: 422,
    message: 'The signature header {name} cannot be used: {problem}',
  },
});
