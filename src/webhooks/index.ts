import type { LaneWorker } from '../platform/lanes/index.js';
import { createDeliver, type DeliverDeps } from './deliver.js';
import { createEventTypes, type EventTypes } from './eventTypes.js';
import { createHistory, type WebhookHistory } from './history.js';
import { createPublish, type Publish } from './publish.js';
import { createTestWebhook, type TestWebhook } from './testWebhook.js';
import { createUpkeep, type UpkeepDeps, type WebhookUpkeep } from './upkeep.js';
import { createWebhookAdmin, type WebhookAdmin, type WebhookAdminDeps } from './webhooks.js';

export { httpErrors as targetErrors } from '../platform/http/index.js';
export { eventErrors, webhookErrors } from './errors.js';
export {
  EVENT_TYPE_LENGTH_MAX,
  eventPattern,
  eventTypeName,
  publishableType,
} from './eventType.js';
export type { EventTypeView } from './eventTypes.js';
export { retrySetting } from './retry.js';
export { suppliedSecret } from './secret.js';
export {
  type AttemptRow,
  type DeliveryRow,
  type EventRow,
  type WebhookRow,
  webhookStore,
} from './store.js';
export type { WebhookUpkeep } from './upkeep.js';
export type { WebhookStatus } from './webhooks.js';

/** Outbound webhooks; see README.md beside this file for the way of an event. */
export interface Webhooks {
  readonly admin: WebhookAdmin;
  readonly eventTypes: EventTypes;
  readonly publish: Publish;
  readonly test: TestWebhook;
  readonly history: WebhookHistory;
  readonly upkeep: WebhookUpkeep;
  /** Works the lanes of kind `webhook`. */
  readonly deliver: LaneWorker;
}

export type WebhooksDeps = DeliverDeps & WebhookAdminDeps & UpkeepDeps;

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const admin = createWebhookAdmin(deps);
  const publish = createPublish(deps);
  return {
    admin,
    publish,
    eventTypes: createEventTypes(deps),
    test: createTestWebhook({ ...deps, admin, publish }),
    history: createHistory(deps),
    upkeep: createUpkeep(deps),
    deliver: createDeliver(deps),
  };
}
