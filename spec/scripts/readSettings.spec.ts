import { readSettings } from '../../scripts/start/readSettings.js';
import { StartProblem } from '../../scripts/start/startProblem.js';

describe('readSettings', () => {
  it('reads secrets that differ', () => {
    const given = { MASTER_KEY: 'm'.repeat(32), HUB_SECRET: 'h'.repeat(32) };
    expect(readSettings({ ...given, DASHBOARD_PASSWORD: 'd'.repeat(32) })).toMatchObject(given);
  });

  const same = 'canary'.repeat(6);
  const other = 'another'.repeat(6);
  it.each([
    ['MASTER_KEY must not be the same as HUB_SECRET', [same, same, other]],
    ['DASHBOARD_PASSWORD must not be the same as HUB_SECRET', [same, other, same]],
    ['DASHBOARD_PASSWORD must not be the same as MASTER_KEY', [other, same, same]],
  ])(
    'refuses two equal secrets without repeating them: %s',
    (sentence, [hub, master, dashboard]) => {
      const read = () =>
        readSettings({ HUB_SECRET: hub, MASTER_KEY: master, DASHBOARD_PASSWORD: dashboard });
      expect(read).toThrow(StartProblem);
      expect(read).toThrow(new RegExp(`^${sentence}: give each its own value$`));
    },
  );
});
