import { UNSETTLED_MAX } from '../src/webhooks/delivery/deliverLane.js';
import { type ForkedHub, forkHub } from './support/forkHub.js';
import {
  type Caller,
  createHubStore,
  type Json,
  master,
  startHub,
  type TestHub,
} from './support/hub.js';
import { type Ledger, startLedger } from './support/ledger.js';
import { isLong } from './support/rounds.js';
import type { Store } from './support/store.js';

const WEBHOOKS = 10;
/** Fewer than there are webhooks, so that one process cannot hold all of their lanes. */
const LANES_MAX = 6;
const IN_FLIGHT_MAX = 40;
const ROWS_MAX = 100_000;
const HANG_MS = 300_000;
/** Of two processes together. What is under way at once is bounded: fewer than in the long form show the same. */
const EVENTS = isLong ? 2_000 : 600;

let store: Store;
/** Runs no loop; only reads the database. */
let observer: TestHub;
let publisher: Caller;
let organizationId: string;
let ledger: Ledger;
/** Those that live: the next test goes on with them. */
const forked = new Set<ForkedHub>();

beforeAll(async () => {
  store = await createHubStore();
  observer = await startHub({ store });
  const user = await observer.signUp();
  const { organization } = await observer.as(user).createOrganization({ name: 'Acme' });
  publisher = { sessionToken: user.sessionToken };
  organizationId = organization.id;
});
afterAll(async () => {
  for (const hub of forked) hub.kill();
  await Promise.all([...forked].map(({ ended }) => ended));
  await observer.stop();
  await store.drop();
});

beforeEach(async () => {
  ledger = await startLedger((nth) => nth % 5 === 0);
});
afterEach(async () => {
  await ledger.close();
});

async function fork(): Promise<ForkedHub> {
  const options = {
    store,
    inFlightMax: IN_FLIGHT_MAX,
    lanesMax: LANES_MAX,
    appId: observer.appId,
  };
  const hub = await forkHub(options);
  forked.add(hub);
  void hub.ended.then(() => forked.delete(hub));
  return hub;
}

async function twoHubs(): Promise<[ForkedHub, ForkedHub]> {
  const missing = Array.from({ length: 2 - forked.size }, fork);
  await Promise.all(missing);
  return [...forked] as [ForkedHub, ForkedHub];
}

/** Resolves when no delivery is due and no process holds the lane of a webhook, so every attempt is stored. */
async function allReleased(): Promise<void> {
  const isDue = async () => (await observer.app.database.nextLaneDue(['webhook'])) !== undefined;
  while ((await isDue()) || (await heldLanes({ kind: 'webhook' })).length > 0);
}

/** Creates webhooks, each for one event type: `<name>.0`, `<name>.1`, … */
async function createWebhooks(name: string): Promise<void> {
  for (let nth = 0; nth < WEBHOOKS; nth += 1) {
    const { status } = await observer.call(
      'createWebhook',
      {
        organizationId,
        name: `${name} ${String(nth)}`,
        url: `${ledger.url}/${String(nth)}`,
        events: [`${name}.${String(nth)}`],
        retry: { schedule: Array.from({ length: 20 }, () => 0) },
      },
      publisher,
    );
    expect(status).toBe(200);
  }
}

interface NewEvent {
  readonly type: string;
  readonly data: { readonly nth: number };
  readonly idempotencyKey: string;
}

/** Returns events for the webhooks of this name in turn. */
function eventsOf(name: string, count: number): NewEvent[] {
  return Array.from({ length: count }, (_, nth) => ({
    type: `${name}.${String(nth % WEBHOOKS)}`,
    data: { nth },
    idempotencyKey: `${name}-${String(nth)}`,
  }));
}

/** Publishes events and returns their ids. Throws if the process does not respond. */
async function publishTo(hub: ForkedHub, events: readonly NewEvent[]): Promise<string[]> {
  const response = await fetch(`${hub.url}/parse/functions/publishEvents`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-parse-application-id': hub.appId,
      'x-parse-session-token': publisher.sessionToken ?? '',
    },
    body: JSON.stringify({ organizationId, events }),
  });
  const { result } = (await response.json()) as Json;
  return result.results.map(({ eventId }: Json) => eventId);
}

/** Publishes events in batches of a hundred. If the process dies before it responds, the batch goes to `other`. */
async function publishAll(
  hub: ForkedHub,
  events: readonly NewEvent[],
  other = hub,
): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < events.length; at += 100) {
    const hundred = events.slice(at, at + 100);
    ids.push(
      ...(await publishTo(hub, hundred).catch((error: unknown) => {
        if (other === hub) throw error;
        return publishTo(other, hundred);
      })),
    );
  }
  return ids;
}

/** Publishes one event for each webhook, and delays all responses until both processes hold lanes. */
async function bothWork(name: string, publishing: ForkedHub): Promise<string[]> {
  ledger.shut();
  const ids = await publishTo(publishing, eventsOf(name, WEBHOOKS));
  await ledger.until(() => new Set(ledger.visits.map(({ path }) => path)).size === WEBHOOKS);
  ledger.open();
  return ids;
}

/** Returns the events that `bothWork` does not publish, in two halves. */
function split(events: readonly NewEvent[]): [NewEvent[], NewEvent[]] {
  const rest = events.slice(WEBHOOKS);
  return [rest.slice(0, rest.length / 2), rest.slice(rest.length / 2)];
}

async function rowsOf(className: string, where: object): Promise<Json[]> {
  const query = new URLSearchParams({ where: JSON.stringify(where), limit: String(ROWS_MAX) });
  const { body } = await observer.rest('GET', `/classes/${className}?${query.toString()}`, master);
  return body.results;
}

const byName = (name: string) => ({ eventType: { $regex: `^${name}\\.` } });

/** Returns the deliveries of these events, each with the outcomes of its attempts in order. */
async function deliveriesOf(name: string): Promise<Map<string, { state: string; outcomes: [] }>> {
  const deliveries = await rowsOf('WebhookDelivery', byName(name));
  const attempts = await rowsOf('WebhookAttempt', {});
  const byDelivery = new Map<string, Json[]>();
  for (const attempt of attempts) {
    const known = byDelivery.get(attempt.delivery.objectId) ?? [];
    byDelivery.set(attempt.delivery.objectId, [...known, attempt]);
  }
  return new Map(
    deliveries.map(({ objectId, event, state }) => {
      const made = (byDelivery.get(objectId) ?? []).sort((a, b) => a.number - b.number);
      return [event.objectId, { state, outcomes: made.map(({ outcome }) => outcome) as [] }];
    }),
  );
}

async function heldLanes(where: object = {}): Promise<Json[]> {
  return rowsOf('HubLane', { heldUntil: { $exists: true }, ...where });
}

const visitsOf = (hub: ForkedHub) =>
  ledger.visits.filter(({ port }) => hub.isFrom(port, ledger.url));

function countById(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** Returns the ids of events that a dead process has sent and stored as delivered. */
async function settledBy(dead: ForkedHub): Promise<Set<string>> {
  const sent = new Set(visitsOf(dead).map(({ id }) => id));
  const read = async () => {
    const rows = await rowsOf('WebhookDelivery', { ...byName('killed'), state: 'delivered' });
    return new Set(rows.flatMap(({ event }) => (sent.has(event.objectId) ? event.objectId : [])));
  };
  let known = await read();
  // The database may still run the last statement of the dead process.
  for (let next = await read(); next.size > known.size; next = await read()) known = next;
  return known;
}

describe('two processes on one database', () => {
  it(
    'deliver each event once, in any process and after any number of refusals',
    async () => {
      await createWebhooks('shared');
      const [here, there] = await twoHubs();
      const ids = await bothWork('shared', here);
      const [forHere, forThere] = split(eventsOf('shared', EVENTS));
      const publishing = Promise.all([publishAll(here, forHere), publishAll(there, forThere)]);
      const all = new Set([...ids, ...(await publishing).flat()]);
      expect(all.size).toBe(EVENTS);
      await ledger.until(() => ledger.accepted.size === EVENTS);
      await allReleased();

      expect(new Set(ledger.accepted.keys())).toEqual(all);
      expect([...ledger.accepted.values()].filter((times) => times > 1)).toEqual([]);
      expect(ledger.overlaps).toEqual([]);
      expect(visitsOf(here).length + visitsOf(there).length).toBe(ledger.visits.length);
      expect(visitsOf(here).length).toBeGreaterThan(0);
      expect(visitsOf(there).length).toBeGreaterThan(0);

      const deliveries = await deliveriesOf('shared');
      const visits = countById(ledger.visits.map(({ id }) => id));
      expect(new Set(deliveries.keys())).toEqual(all);
      for (const [id, { state, outcomes }] of deliveries) {
        const refused = Array.from({ length: (visits.get(id) ?? 0) - 1 }, () => 'retry');
        expect([id, state, outcomes]).toEqual([id, 'delivered', [...refused, 'delivered']]);
      }
    },
    HANG_MS,
  );

  it(
    'lose nothing when one of them is killed, and resend only its attempts in flight',
    async () => {
      await createWebhooks('killed');
      const [victim, survivor] = await twoHubs();
      const ids = await bothWork('killed', victim);
      const [forVictim, forSurvivor] = split(eventsOf('killed', EVENTS));
      const publishing = Promise.all([
        publishAll(victim, forVictim, survivor),
        publishAll(survivor, forSurvivor),
      ]);
      await ledger.until(() => ledger.visits.length >= EVENTS / 2);
      victim.kill();
      expect(await victim.ended).toBe('SIGKILL');
      // Its last requests may still be in transit.
      await ledger.until(() =>
        [...ledger.connected].every((port) => !victim.isFrom(port, ledger.url)),
      );
      const settled = await settledBy(victim);
      const all = new Set([...ids, ...(await publishing).flat()]);
      expect(all.size).toBe(EVENTS);
      // Accepted, but the victim was killed before it stored the outcome.
      const unsettled = () =>
        visitsOf(victim).flatMap(({ id, isAccepted }) =>
          isAccepted && !settled.has(id) ? id : [],
        );
      expect(unsettled().length).toBeLessThanOrEqual(UNSETTLED_MAX);

      // As if the survivor had been suspended for so long: the holds of both have run out.
      await survivor.advance(90_000);
      observer.clock.advance(90_000);
      await ledger.until(
        () =>
          ledger.accepted.size === EVENTS &&
          unsettled().every((id) => (ledger.accepted.get(id) ?? 0) > 1),
      );
      await allReleased();

      expect(new Set(ledger.accepted.keys())).toEqual(all);
      const repeated = [...ledger.accepted].filter(([, times]) => times > 1);
      expect(new Map(repeated)).toEqual(new Map(unsettled().map((id) => [id, 2])));
      expect(ledger.overlaps).toEqual([]);
      const deliveries = await deliveriesOf('killed');
      expect(new Set(deliveries.keys())).toEqual(all);
      for (const [id, { state, outcomes }] of deliveries) {
        expect([id, state]).toEqual([id, 'delivered']);
        const times = outcomes.filter((outcome) => outcome === 'delivered').length;
        // MongoDB writes the row of an attempt before that of its delivery, and the victim may have died between the two.
        const timesMax = observer.engine === 'mongodb' ? (ledger.accepted.get(id) ?? 0) : 1;
        expect(times).toBeGreaterThanOrEqual(1);
        expect(times).toBeLessThanOrEqual(timesMax);
      }
    },
    HANG_MS,
  );
});

describe('a process that is stopped', () => {
  it(
    'completes attempts in flight, starts no new ones, releases its lanes, and exits with 0',
    async () => {
      await createWebhooks('stopped');
      const [hub = await fork()] = forked;
      const publishing = publishAll(hub, eventsOf('stopped', 300));
      await ledger.until(() => ledger.visits.length >= 100);
      ledger.shut();
      const all = new Set(await publishing);
      await ledger.until(() => ledger.underway.size >= IN_FLIGHT_MAX / 2);
      await hub.stop();
      const underway = [...ledger.underway];
      expect(await heldLanes()).not.toEqual([]);
      ledger.open();
      expect(await hub.ended).toBe(0);

      expect(await heldLanes()).toEqual([]);
      const visits = countById(ledger.visits.map(({ id }) => id));
      const deliveries = await deliveriesOf('stopped');
      expect(underway.filter((id) => (deliveries.get(id)?.outcomes.length ?? 0) === 0)).toEqual([]);
      for (const [id, { outcomes }] of deliveries) {
        expect([id, outcomes.length]).toEqual([id, visits.get(id) ?? 0]);
      }
      expect(ledger.accepted.size).toBeLessThan(300);

      await observer.drain();
      expect(new Set(ledger.accepted.keys())).toEqual(all);
      expect([...ledger.accepted.values()].filter((times) => times > 1)).toEqual([]);
      expect(ledger.overlaps).toEqual([]);
    },
    HANG_MS,
  );
});
