import { itemsOf } from '../../client.js';
import { templates } from '../../templates/index.js';
import { shareHub, type TestHub, type TestUser } from '../support/hub.js';

describe('the list of connectors', () => {
  let hub: TestHub;
  let owner: TestUser;
  beforeAll(async () => {
    hub = await shareHub();
    owner = await hub.signUp();
    await hub.as(owner).createOrganization({ name: 'Acme' });
  });
  afterAll(() => hub.stop());

  async function keysOf(params: object): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of itemsOf(hub.as(owner).getConnectors, params)) keys.push(key);
    return keys;
  }

  it.each([1, 5, templates.length, 100])('has each once, by name, %d at a time', async (limit) => {
    const byName = [...templates].sort((a, b) => a.name.localeCompare(b.name, 'en'));
    expect(await keysOf({ limit })).toEqual(byName.map(({ key }) => key));
  });

  it('has those of a category, or with a text', async () => {
    expect(await keysOf({ category: 'payments', limit: 1 })).toEqual(['stripe']);
    expect(await keysOf({ search: 'amaZON', limit: 1 })).toEqual(['awsS3', 'awsSns', 'awsSqs']);
    expect(await keysOf({ search: 'nothing like it' })).toEqual([]);
  });

  it.each(['x', Buffer.from('["Connector","no"]').toString('base64url')])(
    'rejects the cursor %j',
    async (cursor) => {
      await expect(hub.as(owner).getConnectors({ cursor })).rejects.toMatchObject({ code: 7007 });
    },
  );

  it('shows the requested actions of a connector, with their schemas or without', async () => {
    const show = async (more: object) =>
      (await hub.as(owner).getConnector({ connector: 'slack', ...more })).connector.actions;
    const all = await show({});
    expect(all.length).toBeGreaterThan(8);
    expect(all[0]?.input).toMatchObject({ type: 'object' });
    const names = all.map(({ name }) => name);
    expect((await show({ schemas: false })).map(({ name }) => name)).toEqual(names);
    expect((await show({ schemas: false }))[0]).not.toHaveProperty('input');
    expect(await show({ actions: [names[1], 'no'] })).toEqual([all[1]]);
  });
});
