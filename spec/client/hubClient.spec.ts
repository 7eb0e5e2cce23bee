import Parse from 'parse/node';

import { createHubClient } from '../../client.js';

interface Sent {
  readonly name: string;
  readonly params: object;
  readonly options: object;
}

/** A Parse that keeps what it is asked to send. What really travels is in the specs of cloud/. */
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
  it('calls the function of the name that the method has', async () => {
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

  it("puts the host's prefix before each name and passes whom to act for", async () => {
    const { sent, fake } = setup();
    await createHubClient(fake, { prefix: 'hub_', sessionToken: 'r:1' }).getOrganizations();
    await createHubClient(fake, { useMasterKey: true }).getOrganizations();
    expect(sent.map(({ name, options }) => ({ name, options }))).toEqual([
      { name: 'hub_getOrganizations', options: { sessionToken: 'r:1' } },
      { name: 'getOrganizations', options: { useMasterKey: true } },
    ]);
  });

  it('lets the Parse.Error of the server through as it is', async () => {
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

  it('gives the same method each time', () => {
    const client = createHubClient(setup().fake);
    expect(client.getOrganizations).toBe(client.getOrganizations);
  });
});
