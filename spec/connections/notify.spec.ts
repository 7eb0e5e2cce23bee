import { needsNotification, notify } from '../../src/connections/notify.js';
import type { ConnectionRow, ConnectionStore } from '../../src/connections/store.js';
import type { Clock } from '../../src/platform/clock.js';

const LOST = {
  id: 'c1',
  organization: 'o1',
  connector: 'acme',
  name: 'Ours',
  revision: 7,
  state: 'reconnect',
  problem: 'The service refused to renew the token: no',
} as unknown as ConnectionRow;

describe('notify', () => {
  it('publishes the same again, under the same key, when its holder died before it was recorded', async () => {
    const published: unknown[] = [];
    const changes: object[] = [];
    const deps = {
      clock: { now: () => new Date(5) } as Clock,
      publish: (event: unknown) => Promise.resolve(published.push(event)),
      store: {
        change: async (_row: unknown, set: object) => {
          changes.push(set);
          if (changes.length === 1) throw new Error('The process is gone.');
        },
      } as unknown as ConnectionStore,
    };
    await expect(notify(deps, LOST)).rejects.toThrow('The process is gone.');
    await notify(deps, LOST);
    expect(published).toEqual([published[1], published[1]]);
    expect(published[0]).toEqual({
      organizationId: 'o1',
      type: 'hub.connection.reconnectNeeded',
      idempotencyKey: 'hub:reconnect:c1:7',
      data: { connectionId: 'c1', connector: 'acme', name: 'Ours', problem: LOST.problem },
    });
    expect(changes).toEqual([{ notifiedAt: new Date(5) }, { notifiedAt: new Date(5) }]);
  });

  it.each([
    ['reconnect', undefined, true],
    ['reconnect', new Date(1), false],
    ['connected', undefined, false],
    ['disconnected', undefined, false],
  ])('is due for one that is %s, notified %s: %s', (state, notifiedAt, isDue) => {
    expect(needsNotification({ ...LOST, state, notifiedAt })).toBe(isDue);
  });
});
