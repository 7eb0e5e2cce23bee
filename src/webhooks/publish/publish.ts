import { batchCalls } from '../../platform/batch.js';
import type { Clock } from '../../platform/clock.js';
import { DAY_MS } from '../../platform/durations.js';
import { newId } from '../../platform/ids.js';
import { deliveryId, pending } from '../delivery/delivery.js';
import { eventErrors } from '../errors.js';
import type {
  EventRow,
  EventTypeRow,
  NewDelivery,
  NewEvent,
  WebhookRow,
  WebhookStore,
} from '../store.js';
import type { DataSchemas } from './dataSchema.js';
import { BODY_BYTES_MAX, composeBody, DATA_DEPTH_MAX, fingerprint } from './envelope.js';
import { matches } from './match.js';

/** How long an idempotency key is kept. */
const IDEMPOTENCY_MS = DAY_MS;

/** Events in one statement. */
const BATCH_MAX = 200;

interface Publication {
  readonly organizationId: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string | undefined;
  /** Sends to this webhook only, whatever its patterns are. */
  readonly onlyWebhookId?: string | undefined;
}

interface Published {
  readonly eventId: string;
  /** The number of webhooks that receive the event. */
  readonly deliveries: number;
}

export interface PublishDeps {
  readonly store: WebhookStore;
  readonly schemas: Pick<DataSchemas, 'checkData'>;
  readonly clock: Clock;
  readersOf(organizationId: string): readonly string[];
  /** Makes this process look at its lanes at once, instead of at its next poll. */
  wakeLoop(): void;
}

/** Publishes one event. Event and deliveries are durable when the promise resolves. Concurrent calls share statements. */
export type Publish = (publication: Publication) => Promise<Published>;

export function createPublish(deps: PublishDeps): Publish {
  const { store, schemas, clock } = deps;
  const insertEvent = batchInserts(deps);
  const loadListeners = batchListeners(store);
  const loadEventType = batchEventTypes(store);

  return async function publish(publication) {
    const { organizationId, type, data, onlyWebhookId } = publication;
    const [eventType, webhooks] = await Promise.all([
      loadEventType({ organizationId, type }),
      onlyWebhookId === undefined ? loadListeners(organizationId) : [],
    ]);
    checkNotArchived(eventType);
    if (eventType?.schema !== undefined) {
      await schemas.checkData(organizationId, { type, schema: eventType.schema, data });
    }
    const matched = onlyWebhookId === undefined ? matchWebhooks(webhooks, type) : [onlyWebhookId];
    const event = composeEvent(deps, publication, matched);
    const deliveries = deliveriesOf(event, matched);
    for (;;) {
      const isStored = await insertEvent({ event, deliveries });
      if (isStored) return { eventId: event.id, deliveries: matched.length };
      const earlier = await loadEarlier(store, event);
      if (earlier && clock.now().getTime() - earlier.createdAt.getTime() < IDEMPOTENCY_MS) {
        return replayPublication(earlier, event);
      }
      // The earlier event is older than the key is kept, or was deleted between the two steps: the key is free now.
      if (earlier) await store.freeIdempotencyKey(earlier);
    }
  };
}

/** Stores an event with its deliveries. Returns false when its idempotency key is in use. */
function batchInserts({ store, wakeLoop }: PublishDeps): (event: NewEvent) => Promise<boolean> {
  return batchCalls(
    async (events: readonly NewEvent[]) => {
      const stored = await store.insertEvents(events);
      wakeLoop();
      return events.map(({ event }) => stored.has(event.id));
    },
    { max: BATCH_MAX, flights: 2 },
  );
}

/** Loads the webhooks of an organization that are not disabled. */
function batchListeners(
  store: WebhookStore,
): (organizationId: string) => Promise<readonly WebhookRow[]> {
  return batchCalls(
    async (organizations: readonly string[]) => {
      const found = await store.listeningWebhooks([...new Set(organizations)]);
      return organizations.map((id) => found.filter((webhook) => webhook.organization === id));
    },
    { max: BATCH_MAX },
  );
}

type TypeName = Pick<Publication, 'organizationId' | 'type'>;

/** Loads the event type of an organization, if it has one of that name. */
function batchEventTypes(
  store: WebhookStore,
): (name: TypeName) => Promise<EventTypeRow | undefined> {
  return batchCalls(
    async (names: readonly TypeName[]) => {
      const organizations = new Set(names.map(({ organizationId }) => organizationId));
      const types = new Set(names.map(({ type }) => type));
      const found = await store.findEventTypes([...organizations], [...types]);
      return names.map(({ organizationId, type }) =>
        found.find((row) => row.organization === organizationId && row.name === type),
      );
    },
    { max: BATCH_MAX },
  );
}

function checkNotArchived(eventType: EventTypeRow | undefined): void {
  if (eventType?.archived) throw eventErrors.EventTypeArchived({ type: eventType.name });
}

function matchWebhooks(webhooks: readonly WebhookRow[], type: string): string[] {
  return webhooks.filter((webhook) => matches(webhook.events, type)).map((webhook) => webhook.id);
}

function composeEvent(
  { clock, readersOf }: PublishDeps,
  { organizationId, type, data, idempotencyKey }: Publication,
  webhookIds: readonly string[],
): NewEvent['event'] {
  const createdAt = clock.now();
  return {
    id: newId(undefined, createdAt.getTime()),
    organization: organizationId,
    type,
    body: bodyOf(type, createdAt, data),
    webhookIds,
    createdAt,
    readers: readersOf(organizationId),
    ...(idempotencyKey !== undefined && { idempotencyKey, fingerprint: fingerprint(type, data) }),
  };
}

/** Returns the body that is sent. Throws EventTooLarge or EventTooDeep. */
export function bodyOf(type: string, at: Date, data: unknown): string {
  const composed = composeBody(type, at, data);
  if (composed.kind === 'tooLarge') {
    throw eventErrors.EventTooLarge({ bytes: composed.bodyBytes, bytesMax: BODY_BYTES_MAX });
  }
  if (composed.kind === 'tooDeep') throw eventErrors.EventTooDeep({ depthMax: DATA_DEPTH_MAX });
  return composed.body;
}

/** Returns the deliveries of an event. Their ids depend only on the event and its webhooks, so they can be inserted again. */
export function deliveriesOf(
  event: Pick<EventRow, 'id' | 'organization' | 'type' | 'createdAt'> & {
    readonly readers: readonly string[];
  },
  webhookIds: readonly string[],
): NewDelivery[] {
  return webhookIds.map((webhook) => ({
    ...pending(event.createdAt),
    id: deliveryId(event.id, webhook),
    organization: event.organization,
    webhook,
    event: event.id,
    eventType: event.type,
    attempts: 0,
    retriesFrom: 0,
    createdAt: event.createdAt,
    readers: event.readers,
  }));
}

async function loadEarlier(
  store: WebhookStore,
  event: NewEvent['event'],
): Promise<EventRow | undefined> {
  if (event.idempotencyKey === undefined)
    throw new Error('An event without idempotency key was not stored.');
  return store.findByIdempotencyKey(event.organization, event.idempotencyKey);
}

/** Returns the result of the earlier publication. Throws IdempotencyKeyReused when that was a different event. */
function replayPublication(earlier: EventRow, event: NewEvent['event']): Published {
  if (earlier.fingerprint !== event.fingerprint) throw eventErrors.IdempotencyKeyReused();
  return { eventId: earlier.id, deliveries: earlier.webhookIds.length };
}
