import { defineConnector } from '../../index.js';
import { connectorAt } from '../connections/provider.js';
import { startHub } from '../support/hub.js';

const own = connectorAt('http://127.0.0.1:9', 'own');

it('a connector registered in the host’s cloud code can be connected, a later one cannot', async () => {
  const hub = await startHub({ registers: [own] });
  try {
    const user = await hub.signUp();
    await hub.as(user).createOrganization({ name: 'Acme' });
    const { connector } = await hub.as(user).getConnector({ connector: 'own' });
    expect(connector).toMatchObject({ key: 'own', name: 'Acme' });
    expect(() => {
      hub.registerConnector(connectorAt('http://127.0.0.1:9', 'late'));
    }).toThrow('Register connectors before Parse Server starts.');
  } finally {
    await hub.stop();
  }
});

it.each([
  [{ key: 'My own' }, 'its key must be camelCase'],
  [{ servers: { api: 'ftp://example.com' } }, 'must begin with https://'],
  [{ actions: [] }, 'it has no action'],
])('one that is not well formed is refused where it is declared: %j', (change, expectedMessage) => {
  expect(() => defineConnector({ ...own, ...change })).toThrow(expectedMessage);
});
