import { schemas } from '../../schemas/index.js';
import {
  type Listener,
  type LiveQueries,
  startLiveQueries,
} from '../support/hostFixtures/liveQuery.js';
import { anonymous, master } from '../support/hub.js';
import { readable, startWorld, type World } from './world.js';

describe('LiveQuery with every class of the hub', () => {
  let world: World;
  let live: LiveQueries;
  const classNames = schemas.map(({ name }) => name);
  beforeAll(async () => {
    world = await startWorld({
      // Parse Server's LiveQuery server detects a removed role only after its caches have expired: cacheTTL, and then its own
      // cacheTimeout, 5 s each by default. Here both are one millisecond.
      host: { liveQuery: { classNames: [...classNames, 'HostNews'] }, cacheTTL: 1 },
    });
    live = await startLiveQueries(world.hub);
  });
  afterAll(async () => {
    await live.close();
    await world.stop();
  });

  const update = async (className: string) => {
    const [row] = await world.rowsOf(className);
    const { status } = await world.hub.rest(
      'PUT',
      `/classes/${className}/${row.objectId}`,
      master,
      {},
    );
    expect(status).toBe(200);
  };

  /** Changes a row of A in every class, as Dashboard does. A row of the host's own class then marks the end for all listeners. */
  async function changeEverything(observer: Listener, seen: number): Promise<void> {
    for (const name of classNames) await update(name);
    await Promise.all(readable.map(({ name }) => observer.received(name, seen)));
    await world.hub.rest('POST', '/classes/HostNews', master, { ACL: { '*': { read: true } } });
  }

  it('sends members the rows that they may read, and others nothing', async () => {
    const { members, otherOwner, loner } = world;
    const observer = await live.listen(members.viewer);
    const others = await Promise.all([otherOwner, loner, anonymous].map((as) => live.listen(as)));
    for (const listener of [observer, ...others]) {
      for (const className of [...classNames, 'HostNews']) await listener.subscribe(className);
    }
    await changeEverything(observer, 1);
    await Promise.all(others.map((listener) => listener.received('HostNews')));
    for (const { events } of others) {
      expect(events.map(({ className }) => className)).toEqual(['HostNews']);
    }
    for (const { name, hidden = [] } of readable) {
      const received = observer.events.filter(({ className }) => className === name);
      expect(received).toHaveLength(1);
      for (const { row } of received) {
        expect(Object.keys(row).filter((key) => hidden.includes(key))).toEqual([]);
      }
    }
    expect(observer.events.map(({ className }) => className)).not.toContain('HubLane');
  });

  it('does not evaluate conditions on hidden fields', async () => {
    const attacker = await live.listen(world.members.viewer);
    const observer = await live.listen(world.members.owner);
    await observer.subscribe('Webhook');
    await attacker.subscribe('HostNews');
    const conditions = (schemas.find(({ name }) => name === 'Webhook')?.hidden ?? []).flatMap(
      (field) => [
        { [field]: { $exists: true } },
        { [field]: { $ne: 'x' } },
        { $or: [{ [field]: { $exists: true } }] },
        { [`${field}.0.sealed`]: { $exists: true } },
      ],
    );
    expect(conditions).toHaveLength(8);
    for (const where of conditions) await attacker.subscribe('Webhook', where);
    await update('Webhook');
    await observer.received('Webhook');
    await world.hub.rest('POST', '/classes/HostNews', master, { ACL: { '*': { read: true } } });
    await attacker.received('HostNews');
    expect(attacker.events.map(({ className }) => className)).toEqual(['HostNews']);
  });

  it('sends nothing to a removed member', async () => {
    const { a, members, hub } = world;
    const observer = await live.listen(members.owner);
    const removed = await live.listen(members.developer);
    for (const listener of [observer, removed]) await listener.subscribe('Webhook');
    await removed.subscribe('HostNews');
    await update('Webhook');
    await removed.received('Webhook');
    const { owner, developer } = members;
    await hub
      .as(owner)
      .removeOrganizationMember({ organizationId: a.organizationId, userId: developer.id });
    await update('Webhook');
    await observer.received('Webhook', 2);
    await hub.rest('POST', '/classes/HostNews', master, { ACL: { '*': { read: true } } });
    await removed.received('HostNews');
    expect(removed.events.map(({ className }) => className)).toEqual(['Webhook', 'HostNews']);
  });
});
