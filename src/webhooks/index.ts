import type { Evaluators, Validations } from '../platform/evaluation/index.js';
import type { LaneWorker } from '../platform/lanes/index.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import { createDeliverLane, type DeliverDeps } from './delivery/deliverLane.js';
import {
  createWebhookMaintenance,
  type WebhookMaintenance,
  type WebhookMaintenanceDeps,
} from './maintenance.js';
import { createEventTypes, type EventTypes } from './manage/eventTypes.js';
import { createHistory, type WebhookHistory } from './manage/history.js';
import { createTestWebhook, type TestWebhook } from './manage/testWebhook.js';
import { createWebhookAdmin, type WebhookAdmin, type WebhookAdminDeps } from './manage/webhooks.js';
import { createDataSchemas } from './publish/dataSchema.js';
import { createPublish, type Publish } from './publish/publish.js';

export { httpErrors as targetErrors } from '../platform/http/index.js';
export { retrySetting } from './delivery/retry.js';
export { suppliedSecret } from './delivery/secret.js';
export { eventErrors, webhookErrors } from './errors.js';
export type { WebhookMaintenance } from './maintenance.js';
export type { EventTypeView } from './manage/eventTypes.js';
export {
  EVENT_TYPE_LENGTH_MAX,
  eventPattern,
  eventTypeName,
  publishableType,
} from './publish/eventType.js';
export {
  type AttemptRow,
  type DeliveryRow,
  type EventRow,
  type WebhookRow,
  webhookStore,
} from './store.js';

/** Outbound webhooks. README.md beside this file describes how an event is delivered. */
export interface Webhooks {
  readonly admin: WebhookAdmin;
  readonly eventTypes: EventTypes;
  readonly publish: Publish;
  readonly test: TestWebhook;
  readonly history: WebhookHistory;
  readonly maintenance: WebhookMaintenance;
  /** What is stored of an organization. Without its webhook, a delivery is not sent. */
  readonly ofOrganization: OrganizationRows;
  /** Works the lanes of kind `webhook`. */
  readonly deliver: LaneWorker;
}

export type WebhooksDeps = DeliverDeps &
  WebhookAdminDeps &
  WebhookMaintenanceDeps & { readonly evaluators: Evaluators; readonly validations: Validations };

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const admin = createWebhookAdmin(deps);
  const schemas = createDataSchemas(deps.evaluators, deps.validations);
  const publish = createPublish({ ...deps, schemas });
  return {
    admin,
    publish,
    eventTypes: createEventTypes({ ...deps, schemas }),
    test: createTestWebhook({ ...deps, admin, publish }),
    history: createHistory(deps),
    maintenance: createWebhookMaintenance(deps),
    ofOrganization: deps.store.ofOrganization,
    deliver: createDeliverLane(deps),
  };
}
