import { schemas } from '../../schemas/index.js';
import { type Caller, type Json, master, type TestHub } from '../support/hub.js';
import { isLong } from '../support/rounds.js';
import { engine } from '../support/store.js';
import {
  type EntryPoint,
  entryPoints,
  type EntryPointTarget,
  noteClass,
  noteTo,
  reveals,
  reversedEntryPoints,
} from './entryPoints.js';
import {
  callersFor,
  MARK,
  pointerTo,
  readable,
  rowsOfWhere,
  startWorld,
  type World,
} from './world.js';

describe('reading through Parse', () => {
  let world: World;
  let hub: TestHub;
  const targets = new Map<string, EntryPointTarget>();
  /** Ids of all rows of A and of the notes that point to them. */
  let ids: readonly string[];
  beforeAll(async () => {
    world = await startWorld();
    ({ hub } = world);
    for (const name of classNames) {
      const [row] = await world.rowsOf(name);
      const note = await hub.rest('POST', `/classes/${noteClass(name)}`, master, noteTo(name, row));
      targets.set(name, {
        className: name,
        row,
        noteId: note.body.objectId,
        ofOrganization: rowsOfWhere(name, world.a),
      });
    }
    const rows = await Promise.all(classNames.map((name) => world.rowsOf(name)));
    ids = [
      ...rows.flat().map((row) => row.objectId),
      ...[...targets.values()].map(({ noteId }) => noteId),
    ];
  });
  afterAll(() => world.stop());

  // Rows of the other classes are refused before a query reaches the database: on one engine in `npm test`.
  const classNames = (isLong || engine === 'postgres' ? schemas : readable).map(({ name }) => name);
  const read = ({ method, path, body }: EntryPoint, as: Caller) => hub.rest(method, path, as, body);
  const targetFor = (className: string): EntryPointTarget => {
    const found = targets.get(className);
    if (!found) throw new Error(`There is no row of ${className}.`);
    return found;
  };

  /** Sends a request through every entry point at once. Returns the wrong responses. */
  async function faultsOf(
    every: Readonly<Record<string, (targets: EntryPointTarget) => EntryPoint>>,
    { className, as }: { className: string; as: Caller },
    isFault: (entryPoint: EntryPoint, body: Json) => boolean,
  ): Promise<Json[]> {
    const responses = await Promise.all(
      Object.entries(every).map(async ([how, entryPointFor]) => {
        const entryPoint = entryPointFor(targetFor(className));
        const { body } = await read(entryPoint, as);
        return isFault(entryPoint, body) ? [{ how, as, body }] : [];
      }),
    );
    return responses.flat();
  }

  describe.each(classNames.map((name, nth) => [name, nth] as const))('%s', (className, nth) => {
    it('gives outsiders no row, by any entry point', async () => {
      for (const [, as] of callersFor(world.outsiders, nth)) {
        const isFault = (entryPoint: EntryPoint, body: Json) =>
          reveals(entryPoint, body, ids) || JSON.stringify(body).includes(MARK);
        expect(await faultsOf(entryPoints, { className, as }, isFault)).toEqual([]);
      }
    });

    it('reveals nothing to outsiders by missing rows', async () => {
      for (const [, as] of callersFor(world.outsiders, nth)) {
        const isFault = (_entryPoint: EntryPoint, body: Json) =>
          body.error === undefined && body.results.length !== 1;
        expect(await faultsOf(reversedEntryPoints, { className, as }, isFault)).toEqual([]);
      }
    });

    const isReadable = readable.some(({ name }) => name === className);
    it(`gives members ${isReadable ? 'rows by each' : 'no row by any'} entry point`, async () => {
      for (const as of [world.members.owner, world.members.viewer]) {
        const isClosed = (entryPoint: EntryPoint, body: Json) =>
          reveals(entryPoint, body, ids) !== isReadable;
        expect(await faultsOf(entryPoints, { className, as }, isClosed)).toEqual([]);
        const isSilent = (_entryPoint: EntryPoint, body: Json) =>
          (body.results?.length === 0) !== isReadable;
        expect(await faultsOf(reversedEntryPoints, { className, as }, isSilent)).toEqual([]);
      }
    });

    it('refuses requests that need the master key', async () => {
      const masterOnly: readonly (readonly [string, string, Json?])[] = [
        ['GET', `/aggregate/${className}?pipeline=${encodeURIComponent('[{"$match":{}}]')}`],
        ['GET', `/aggregate/${className}?distinct=createdAt`],
        ['GET', `/classes/${className}?explain=true`],
        ['GET', `/schemas/${className}`],
        ['PUT', `/schemas/${className}`, { fields: { x: { type: 'String' } } }],
        ['DELETE', `/schemas/${className}`],
        ['DELETE', `/purge/${className}`],
      ];
      // Refused before a query reaches the database: on one engine in `npm test` by one caller.
      const outsiders = isLong || engine === 'postgres' ? callersFor(world.outsiders, nth) : [];
      const callers = [...outsiders, ['a member', world.members.owner] as const];
      for (const [who, as] of callers) {
        for (const [method, path, body] of masterOnly) {
          const response = await hub.rest(method, path, as, body);
          const refused = response.status >= 400 && response.body.results === undefined;
          expect([who, path, refused]).toEqual([who, path, true]);
        }
      }
    });
  });

  it('does not follow pointers from an outsider’s own row into A', async () => {
    const { a, b, otherOwner } = world;
    const row = {
      organization: pointerTo('Organization', a.organizationId),
      webhook: pointerTo('Webhook', a.webhookId),
      event: pointerTo('WebhookEvent', a.eventId),
      delivery: pointerTo('WebhookDelivery', a.deliveryId),
      number: 1,
      url: 'https://example.com',
      outcome: 'dead',
      durationMs: 1,
      startedAt: { __type: 'Date', iso: new Date().toISOString() },
      ACL: { [`role:org_${b.organizationId}_owner`]: { read: true } },
    };
    const { event: _event, ...attempt } = row;
    const made = await hub.rest('POST', '/classes/WebhookAttempt', master, attempt);
    expect(made.status).toBe(201);
    for (const include of [
      '*',
      'organization,webhook,delivery',
      'delivery.event,webhook.organization',
    ]) {
      const path = `/classes/WebhookAttempt/${made.body.objectId}?include=${include}`;
      const { status, body } = await hub.rest('GET', path, otherOwner);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(MARK);
    }
    await hub.rest('DELETE', `/classes/WebhookAttempt/${made.body.objectId}`, master);
  });
});
