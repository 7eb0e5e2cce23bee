import { schemas } from '../../schemas/index.js';
import { master, nobody } from '../support/hub.js';
import {
  type Listener,
  type LiveQueries,
  startLiveQueries,
} from '../support/hostFixtures/liveQuery.js';
import { readable, startWorld, type World } from './world.js';

describe('LiveQuery with every class of the hub', () => {
  let world: World;
  let live: LiveQueries;
  const classNames = schemas.map(({ name }) => name);
  beforeAll(async () => {
    world = await startWorld({
      host: { liveQuery: { classNames: [...classNames, 'HostNews'] } },
    });
    live = await startLiveQueries(world.hub);
  });
  afterAll(async () => {
    await live.close();
    await world.stop();
  });

  const { keys } = Object;
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
  async function changeEverything(witness: Listener, seen: number): Promise<void> {
    for (const name of classNames) await update(name);
    await Promise.all(readable.map(({ name }) => witness.received(name, seen)));
    await world.hub.rest('POST', '/classes/HostNews', master, { ACL: { '*': { read: true } } });
  }

  it('tells members what they may read, and others nothing', async () => {
    const { members, stranger, loner } = world;
    const witness = await live.listen(members.viewer);
    const others = await Promise.all([stranger, loner, nobody].map((as) => live.listen(as)));
    for (const listener of [witness, ...others]) {
      for (const className of [...classNames, 'HostNews']) await listener.subscribe(className);
    }
    await changeEverything(witness, 1);
    await Promise.all(others.map((listener) => listener.received('HostNews')));
    for (const { events } of others) {
      expect(events.map(({ className }) => className)).toEqual(['HostNews']);
    }
    expect(witness.events.map(({ className }) => className)).not.toContain('HubLane');
    for (const { name, hidden = [] } of readable) {
      const told = witness.events.filter(({ className }) => className === name);
      expect(told).toHaveLength(1);
      for (const { row } of told)
        expect(keys(row).filter((key) => hidden.includes(key))).toEqual([]);
    }
  });
});
