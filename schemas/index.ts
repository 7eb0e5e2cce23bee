import { EncryptionKey } from './EncryptionKey.js';
import { HubLane } from './HubLane.js';
import { Organization } from './Organization.js';
import { ServiceConnection } from './ServiceConnection.js';
import { Webhook } from './Webhook.js';
import { WebhookAttempt } from './WebhookAttempt.js';
import { WebhookDelivery } from './WebhookDelivery.js';
import { WebhookEvent } from './WebhookEvent.js';
import { WebhookEventType } from './WebhookEventType.js';

export {
  EncryptionKey,
  HubLane,
  Organization,
  ServiceConnection,
  Webhook,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEvent,
  WebhookEventType,
};
export type { SealedSecret } from './Webhook.js';

/** Every class that is stored. Adding one is a file beside this one and a line here. */
export const schemas = [
  Organization,
  Webhook,
  WebhookEventType,
  WebhookEvent,
  WebhookDelivery,
  WebhookAttempt,
  ServiceConnection,
  EncryptionKey,
  HubLane,
] as const;
