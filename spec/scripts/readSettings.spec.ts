import { readSettings } from '../../scripts/start/readSettings.js';
import { StartProblem } from '../../scripts/start/startProblem.js';

const clients = (key: string) =>
  JSON.stringify({ [key]: { clientId: 'id', clientSecret: 'sk_canary' } });

describe('readSettings', () => {
  it('reads OAuth clients of connectors that are there', () => {
    expect(readSettings({ HUB_OAUTH_CLIENTS: clients('slack') }).HUB_OAUTH_CLIENTS).toEqual({
      slack: { clientId: 'id', clientSecret: 'sk_canary' },
    });
  });

  it.each(['Slack', 'slak', 'sk_canary'])('refuses one of no connector, unsaid: %s', (key) => {
    const read = () => readSettings({ HUB_OAUTH_CLIENTS: clients(key) });
    expect(read).toThrow(StartProblem);
    expect(read).toThrow(/^HUB_OAUTH_CLIENTS must name connectors by their keys, .*\bslack\b/);
    expect(read).not.toThrow(/canary|slak/);
  });

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
  ])('refuses the same secret twice, unsaid: %s', (sentence, [hub, master, dashboard]) => {
    const read = () =>
      readSettings({ HUB_SECRET: hub, MASTER_KEY: master, DASHBOARD_PASSWORD: dashboard });
    expect(read).toThrow(StartProblem);
    expect(read).toThrow(new RegExp(`^${sentence}: give each a value of its own$`));
  });
});
