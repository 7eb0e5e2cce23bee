import {
  Webhook,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEvent,
  WebhookEventType,
} from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database, DueRequest, LaneId, RowChange } from '../platform/database/index.js';
import { organizationRows } from '../platform/organizationRows.js';
import type { Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';

export type { SealedSecret } from '../../schemas/index.js';
export type WebhookRow = RowOf<typeof Webhook>;
export type EventRow = RowOf<typeof WebhookEvent>;
export type DeliveryRow = RowOf<typeof WebhookDelivery>;
export type AttemptRow = RowOf<typeof WebhookAttempt>;
export type EventTypeRow = RowOf<typeof WebhookEventType>;
export type NewDelivery = NewRow<typeof WebhookDelivery>;

export type NewAttempt = NewRow<typeof WebhookAttempt>;

/** The record of a delivery that was attempted or given up. */
interface DeliveryRecord {
  /** The delivery as it was read. It changes only while it is still pending after as many attempts. */
  readonly row: Pick<DeliveryRow, 'id' | 'attempts'>;
  readonly next: RowChange<typeof WebhookDelivery>['set'];
  /** Absent when the delivery ends without an attempt. */
  readonly attempt?: NewAttempt;
}

export interface NewEvent {
  readonly event: NewRow<typeof WebhookEvent>;
  readonly deliveries: readonly NewDelivery[];
}

/** Returns the lane of a webhook. Only its holder sends to the webhook. */
function webhookLane(webhookId: string): LaneId {
  return { kind: 'webhook', key: webhookId };
}

/** Rows in one statement. */
const BATCH_MAX = 500;

/** Webhooks of one organization that are read. The limit of webhooks is far below. */
const LISTENING_MAX = 10_000;

interface StoreDeps {
  readonly rows: Rows;
  readonly database: Database;
}

/** Reads and writes the rows of webhooks; no other file of this domain does. */
export function webhookStore(deps: StoreDeps) {
  return {
    ...webhooks(deps),
    ...eventTypes(deps),
    ...events(deps),
    ...deliveries(deps),
    ...maintenance(deps),
    ofOrganization: organizationRows(
      deps.rows,
      {
        webhooks: Webhook,
        deliveries: WebhookDelivery,
        events: WebhookEvent,
        eventTypes: WebhookEventType,
      },
      [WebhookAttempt],
    ),
  };
}
export type WebhookStore = ReturnType<typeof webhookStore>;

function webhooks({ rows, database }: StoreDeps) {
  return {
    async insertWebhook(row: NewRow<typeof Webhook>) {
      await database.insertMany(Webhook, [row]);
      noteChange(Webhook, undefined, row);
    },
    findWebhook: (organization: string, id: string) => rows.load(Webhook, { id, organization }),
    pageWebhooks: (organization: string, request: PageRequest) =>
      rows.page(Webhook, { organization }, request),
    /** Webhooks that are not disabled, which events are matched to. Only id, organization and events are read. */
    listeningWebhooks: (organizations: readonly string[]) =>
      rows.find(
        Webhook,
        { organization: { $in: organizations }, status: { $in: ['active', 'paused'] } },
        { limit: organizations.length * LISTENING_MAX, keys: ['organization', 'events'] },
      ),
    countWebhooks: async (organization: string) =>
      (await rows.find(Webhook, { organization }, { limit: LISTENING_MAX, keys: ['name'] })).length,
    /** Returns false when the webhook was changed since `webhook` was read. */
    async changeWebhook(webhook: WebhookRow, set: RowChange<typeof Webhook>['set']) {
      const { id, revision } = webhook;
      const next = { ...set, revision: revision + 1 };
      const isChanged = await database.change(Webhook, { id, was: { revision }, set: next });
      if (isChanged) noteChange(Webhook, webhook, { ...webhook, ...next } as WebhookRow);
      return isChanged;
    },
    async removeWebhook(webhook: WebhookRow) {
      const { id, organization } = webhook;
      await rows.remove(Webhook, { id, organization });
      noteChange(Webhook, webhook, undefined);
    },
    loadWebhook: batchCalls(
      async (ids: readonly string[]) => byId(await database.loadMany(Webhook, unique(ids)), ids),
      {
        max: BATCH_MAX,
      },
    ),
  };
}

function eventTypes({ rows, database }: StoreDeps) {
  return {
    /** Returns false when the organization has a type of that name. */
    async insertEventType(row: NewRow<typeof WebhookEventType>) {
      const isNew = (await database.insertMany(WebhookEventType, [row])).size === 1;
      if (isNew) noteChange(WebhookEventType, undefined, row);
      return isNew;
    },
    findEventType: (organization: string, name: string) =>
      rows.load(WebhookEventType, { organization, name }),
    findEventTypes: (organizations: readonly string[], names: readonly string[]) =>
      rows.find(
        WebhookEventType,
        { organization: { $in: organizations }, name: { $in: names } },
        // In each organization a name is unique.
        { limit: organizations.length * names.length },
      ),
    pageEventTypes: (
      organization: string,
      request: PageRequest & { archived?: boolean | undefined },
    ) =>
      rows.page(
        WebhookEventType,
        { organization, ...(request.archived !== undefined && { archived: request.archived }) },
        request,
      ),
    async changeEventType(row: EventTypeRow, set: RowChange<typeof WebhookEventType>['set']) {
      const isChanged = await database.change(WebhookEventType, { id: row.id, was: {}, set });
      if (isChanged) noteChange(WebhookEventType, row, { ...row, ...set } as EventTypeRow);
      return isChanged;
    },
  };
}

function events({ rows, database }: StoreDeps) {
  return {
    /** Returns the ids of the events that were stored. The idempotency keys of the others are in use. */
    insertEvents: (batch: readonly NewEvent[]): Promise<ReadonlySet<string>> =>
      database.insertFamily({
        parentClass: WebhookEvent,
        parents: batch.map(({ event }) => event),
        childClass: WebhookDelivery,
        children: batch.flatMap((entry) => entry.deliveries),
        link: 'event',
        openSince: 'openSince',
        wake: unique(batch.flatMap((entry) => entry.deliveries.map((row) => row.webhook))).map(
          webhookLane,
        ),
      }),
    findEvent: (organization: string, id: string) => rows.load(WebhookEvent, { id, organization }),
    findByIdempotencyKey: (organization: string, idempotencyKey: string) =>
      rows.load(WebhookEvent, { organization, idempotencyKey }),
    /** Removes the idempotency key of an event, so that another event may use it. */
    freeIdempotencyKey: (event: EventRow) =>
      database.change(WebhookEvent, { id: event.id, was: {}, set: { idempotencyKey: undefined } }),
    pageEvents: (organization: string, request: PageRequest & { type?: string | undefined }) =>
      rows.page(
        WebhookEvent,
        { organization, ...(request.type !== undefined && { type: request.type }) },
        request,
      ),
    loadEvent: batchCalls(
      async (ids: readonly string[]) =>
        byId(await database.loadMany(WebhookEvent, unique(ids)), ids),
      { max: 200, flights: 2 },
    ),
    /** Events whose publication began before `before` and was not completed. */
    halfPublished: (before: Date, limit: number) =>
      rows.find(WebhookEvent, { openSince: { $lt: before } }, { limit, sort: { openSince: 1 } }),
    async completeEvent(event: EventRow, missing: readonly NewDelivery[]): Promise<void> {
      await database.insertMany(WebhookDelivery, missing);
      await database.wake(missing.map((row) => webhookLane(row.webhook)));
      await database.change(WebhookEvent, { id: event.id, was: {}, set: { openSince: undefined } });
    },
  };
}

function deliveries({ rows, database }: StoreDeps) {
  return {
    /** Due rows of a webhook in the order of (dueAt, id). Requests of several lanes go in one round trip. */
    loadDue: batchCalls(
      async (requests: readonly DueRequest[]) => {
        const byWebhook = new Map<string, DeliveryRow[]>();
        for (const row of await database.loadDue(WebhookDelivery, requests)) {
          const known = byWebhook.get(row.webhook);
          if (known) known.push(row);
          else byWebhook.set(row.webhook, [row]);
        }
        return requests.map(({ key }) => byWebhook.get(key) ?? []);
      },
      // Each returns many rows: while a result that is too large is parsed, this process does nothing else.
      { max: 20, flights: 2 },
    ),
    nextDue: batchCalls(
      async (webhookIds: readonly string[]) => {
        const due = await database.nextDue(WebhookDelivery, webhookIds);
        return webhookIds.map((id) => due.get(id));
      },
      { max: BATCH_MAX },
    ),
    /**
     * Records an attempt and changes its delivery, or changes nothing of the delivery when another process has taken the
     * lane over and changed it first. Calls under way at once share a statement.
     */
    recordDelivery: batchCalls(
      async (records: readonly DeliveryRecord[]) => {
        await database.settleMany({
          cls: WebhookDelivery,
          changes: records.map(({ row: { id, attempts }, next }) => ({
            id,
            was: { state: 'pending', attempts },
            set: next,
          })),
          logClass: WebhookAttempt,
          log: records.flatMap(({ attempt }) => attempt ?? []),
        });
        return records.map(() => undefined);
      },
      { max: BATCH_MAX },
    ),
    findDelivery: (organization: string, id: string) =>
      rows.load(WebhookDelivery, { id, organization }),
    pageDeliveries: (
      where: { organization: string; webhook?: string; event?: string; state?: string },
      request: PageRequest,
    ) => rows.page(WebhookDelivery, where, request),
    deliveriesOf: (event: EventRow) =>
      rows.find(WebhookDelivery, { event: event.id }, { limit: LISTENING_MAX }),
    attemptsOf: (delivery: DeliveryRow) =>
      rows.find(
        WebhookAttempt,
        { delivery: delivery.id },
        { limit: 200, sort: { createdAt: 1, id: 1 } },
      ),
    changeDelivery: (change: RowChange<typeof WebhookDelivery>) =>
      database.change(WebhookDelivery, change),
  };
}

function maintenance({ database }: StoreDeps) {
  const classes = {
    events: WebhookEvent,
    deliveries: WebhookDelivery,
    attempts: WebhookAttempt,
  } as const;
  return {
    wakeLanes: (lanes: readonly LaneId[]) => database.wake(lanes),
    /** Lanes with overdue deliveries that no process will work, because the lanes are not due. */
    sleepingLanes: (overdueMs: number, limit: number) =>
      database.sleepingLanes(WebhookDelivery, { overdueMs, limit }),
    /** Deletes up to `limit` rows created before `before`. Pending deliveries are kept. */
    prune: (what: keyof typeof classes, { before, limit }: { before: Date; limit: number }) =>
      database.deleteBefore(classes[what], { field: 'createdAt', before, limit }),
  };
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}

function byId<Row extends { readonly id: string }>(
  rows: readonly Row[],
  ids: readonly string[],
): (Row | undefined)[] {
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}
