import Parse from 'parse/node';

import { createHubClient } from '../../client.js';

interface Sent {
  readonly name: string;
  readonly params: object;
  readonly options: object;
}

/** A Parse that records its calls. The specs of cloud/ test real requests. */
function setup(respond: () => Promise<unknown> = () => Promise.resolve({ ok: true })) {
  const sent: Sent[] = [];
  const Cloud = {
    run(name: string, params: object, options: object) {
      expect(this).toBe(Cloud);
      sent.push({ name, params, options });
      return respond();
    },
  };
  return { sent, fake: { Cloud } };
}

describe('createHubClient', () => {
  it('calls the function with the name of the method', async () => {
    const { sent, fake } = setup();
    const result: unknown = await createHubClient(fake).createOrganization({ name: 'Acme' });
    expect(sent).toEqual([{ name: 'createOrganization', params: { name: 'Acme' }, options: {} }]);
    expect(result).toEqual({ ok: true });
  });

  it('sends no parameters as an empty object', async () => {
    const { sent, fake } = setup();
    await createHubClient(fake).getOrganizations();
    expect(sent).toEqual([{ name: 'getOrganizations', params: {}, options: {} }]);
  });

  it("adds the host's prefix to each name and passes the session token", async () => {
    const { sent, fake } = setup();
    await createHubClient(fake, { prefix: 'hub_', sessionToken: 'r:1' }).getOrganizations();
    await createHubClient(fake, { useMasterKey: true }).getOrganizations();
    expect(sent.map(({ name, options }) => ({ name, options }))).toEqual([
      { name: 'hub_getOrganizations', options: { sessionToken: 'r:1' } },
      { name: 'getOrganizations', options: { useMasterKey: true } },
    ]);
  });

  it('rejects with the unchanged Parse.Error of the server', async () => {
    const refused = new Parse.Error(7002, 'Sign in first.');
    const { fake } = setup(() => Promise.reject(refused));
    await expect(createHubClient(fake).getOrganizations()).rejects.toBe(refused);
  });

  it('can be awaited, printed and compared without anything being sent', async () => {
    const { sent, fake } = setup();
    const client = createHubClient(fake);
    expect(await Promise.resolve(client)).toBe(client);
    expect(JSON.stringify(client)).toBe('{}');
    expect(Reflect.get(client, 'constructor')).toBe(Object);
    expect(Reflect.get(client, Symbol.iterator)).toBeUndefined();
    expect(sent).toEqual([]);
  });

  it('returns the same method each time', () => {
    const client = createHubClient(setup().fake);
    expect(client.getOrganizations).toBe(client.getOrganizations);
  });
});
