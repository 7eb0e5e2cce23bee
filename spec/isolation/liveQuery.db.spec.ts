import { schemas } from '../../schemas/index.js';
import {
  type Listener,
  type LiveQueries,
  startLiveQueries,
} from '../support/hostFixtures/liveQuery.js';
import { anonymous,master } from '../support/hub.js';
import { readable, startWorld, type World } from './world.js';

describe('LiveQuery with every class of the hub', () => {
  let world: World;
  let live: LiveQueries;
  const classNames = schemas.map(({ name }) => name);
  beforeAll(async () => {
    world = await startWorld({
      // Parse Server's LiveQuery server learns of a role that was taken away only when what it remembers has expired: up
      // to cacheTTL and then cacheTimeout of its own later, 5 s each by default. Here both are a millisecond.
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

  /** Changes a row of A of every class, as Dashboard would; then the host's own class tells everybody that it is over. */
  async function changeEverything(observer: Listener, seen: number): Promise<void> {
    for (const name of classNames) await update(name);
    await Promise.all(readable.map(({ name }) => observer.received(name, seen)));
    await world.hub.rest('POST', '/classes/HostNews', master, { ACL: { '*': { read: true } } });
  }

  it('tells members what they may read, and others nothing', async () => {
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

  it('answers no question about hidden fields', async () => {
    const suspicious = await live.listen(world.members.viewer);
    const observer = await live.listen(world.members.owner);
    await observer.subscribe('Webhook');
    await suspicious.subscribe('HostNews');
    const questions = (schemas.find(({ name }) => name === 'Webhook')?.hidden ?? []).flatMap(
      (field) => [
        { [field]: { $exists: true } },
        { [field]: { $ne: 'x' } },
        { $or: [{ [field]: { $exists: true } }] },
        { [`${field}.0.sealed`]: { $exists: true } },
      ],
    );
    expect(questions).toHaveLength(8);
    for (const where of questions) await suspicious.subscribe('Webhook', where);
    await update('Webhook');
    await observer.received('Webhook');
    await world.hub.rest('POST', '/classes/HostNews', master, { ACL: { '*': { read: true } } });
    await suspicious.received('HostNews');
    expect(suspicious.events.map(({ className }) => className)).toEqual(['HostNews']);
  });

  it('tells a member nothing any more who was removed', async () => {
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
