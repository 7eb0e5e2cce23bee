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
import { checkData } from './dataSchema.js';
import { BODY_BYTES_MAX, composeBody, DATA_DEPTH_MAX, fingerprint } from './envelope.js';
import { matches } from './match.js';

/** How long an idempotency key is kept. */
const IDEMPOTENCY_MS = DAY_MS;

/** Events that go into one statement at the most. */
const BATCH_MAX = 200;

interface Publication {
  readonly organizationId: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string | undefined;
  /** Sends to this webhook only, whatever it listens to. */
  readonly onlyWebhookId?: string | undefined;
}

interface Published {
  readonly eventId: string;
  /** To how many webhooks it goes. */
  readonly deliveries: number;
}

export interface PublishDeps {
  readonly store: WebhookStore;
  readonly clock: Clock;
  readersOf(organizationId: string): readonly string[];
  /** Told that lanes have something to do, so that this process need not wait for its next look. */
  wakeLoop(): void;
}

/** Publishes one event: event and deliveries are durable when it answers. Calls under way at once share statements. */
export type Publish = (publication: Publication) => Promise<Published>;

export function createPublish(deps: PublishDeps): Publish {
  const { store, clock } = deps;
  const insert = batchCalls(
    async (events: readonly NewEvent[]) => {
      const stored = await store.insertEvents(events);
      deps.wakeLoop();
      return events.map(({ event }) => stored.has(event.id));
    },
    { max: BATCH_MAX, flights: 2 },
  );
  const listeners = batchCalls(
    async (organizations: readonly string[]) => {
      const found = await store.listeningWebhooks([...new Set(organizations)]);
      return organizations.map((id) => found.filter((webhook) => webhook.organization === id));
    },
    { max: BATCH_MAX },
  );
  const typeOf = batchCalls(
    async (wanted: readonly { organizationId: string; type: string }[]) => {
      const organizations = [...new Set(wanted.map(({ organizationId }) => organizationId))];
      const found = await store.findEventTypes(organizations, [
        ...new Set(wanted.map(({ type }) => type)),
      ]);
      return wanted.map(({ organizationId, type }) =>
        found.find((row) => row.organization === organizationId && row.name === type),
      );
    },
    { max: BATCH_MAX },
  );

  return async function publish(publication) {
    const { organizationId, type, data, onlyWebhookId } = publication;
    const [eventType, webhooks] = await Promise.all([
      typeOf({ organizationId, type }),
      onlyWebhookId === undefined ? listeners(organizationId) : [],
    ]);
    checkType(eventType, data);
    const matched = onlyWebhookId === undefined ? matchWebhooks(webhooks, type) : [onlyWebhookId];
    const event = composeEvent(deps, publication, matched);
    const deliveries = deliveriesOf(event, matched);
    for (;;) {
      if (await insert({ event, deliveries }))
        return { eventId: event.id, deliveries: matched.length };
      const earlier = await loadEarlier(store, event);
      if (earlier && clock.now().getTime() - earlier.createdAt.getTime() < IDEMPOTENCY_MS) {
        return replayPublication(earlier, event);
      }
      // Had its day, or was deleted between the two steps: the key is free now.
      if (earlier) await store.giveUpIdempotencyKey(earlier);
    }
  };
}

function checkType(eventType: EventTypeRow | undefined, data: unknown): void {
  if (eventType?.archived) throw eventErrors.EventTypeArchived({ type: eventType.name });
  if (eventType?.schema !== undefined) checkData(eventType.name, eventType.schema, data);
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

/** The body that is sent. Throws EventTooLarge or EventTooDeep. */
export function bodyOf(type: string, at: Date, data: unknown): string {
  const composed = composeBody(type, at, data);
  if (composed.kind === 'tooLarge') {
    throw eventErrors.EventTooLarge({ bytes: composed.bodyBytes, bytesMax: BODY_BYTES_MAX });
  }
  if (composed.kind === 'tooDeep') throw eventErrors.EventTooDeep({ depthMax: DATA_DEPTH_MAX });
  return composed.body;
}

/** The deliveries of an event, always with the same ids: completing a half-published event inserts them again. */
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
    throw new Error('An event without idempotency key was refused as known.');
  return store.findByIdempotencyKey(event.organization, event.idempotencyKey);
}

/** The answer to a repeat is the first answer; the same key for something else is the publisher's mistake. */
function replayPublication(earlier: EventRow, event: NewEvent['event']): Published {
  if (earlier.fingerprint !== event.fingerprint) throw eventErrors.IdempotencyKeyReused();
  return { eventId: earlier.id, deliveries: earlier.webhookIds.length };
}
