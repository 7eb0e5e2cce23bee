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
});
