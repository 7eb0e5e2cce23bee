import { generateKey, looksLikeKey } from '../../src/apiKeys/secret.js';
import { addMember } from '../cloud/team.js';
import { type Json, master } from '../support/hub.js';
import { type KeySetting, startKeys } from './setting.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

let keys: KeySetting;
const mails: Mail[] = [];
let mailFails = false;
beforeAll(async () => {
  const emailAdapter = {
    sendMail(mail: Mail) {
      if (mailFails) return Promise.reject(new Error('The mail server is away.'));
      mails.push(mail);
      return Promise.resolve();
    },
    sendVerificationEmail: () => Promise.resolve(),
    sendPasswordResetEmail: () => Promise.resolve(),
  };
  keys = await startKeys({ host: { emailAdapter } });
});
afterAll(() => keys.hub.stop());
afterEach(() => {
  mails.length = 0;
  mailFails = false;
});

const owner = () => keys.hub.as(keys.team.owner);
const remind = () => keys.hub.app.services.apiKeys.remind({ signal: new AbortController().signal });
const inDays = (days: number) =>
  new Date(keys.hub.clock.now().getTime() + days * DAY_MS).toISOString();
const works = async (key: string) => (await keys.call(key, 'getWebhooks')).status === 200;

async function eventsAbout(apiKeyId: string, type: string): Promise<Json[]> {
  const { organizationId } = keys;
  const { items } = await owner().getEvents({ organizationId, type, limit: 100 });
  const found = await Promise.all(
    items.map(({ id: eventId }) => owner().getEvent({ organizationId, eventId })),
  );
  const bodies = found.map(({ event }) => JSON.parse(event.body));
  return bodies.map(({ data }) => data).filter((data) => data.apiKeyId === apiKeyId);
}
const mailsTo = ({ username }: { readonly username: string }) =>
  mails.filter(({ to }) => to === `${username}@example.com`);

describe('remindKeyRotation', () => {
  const due = 'hub.apiKey.rotationDue';

  it('notifies once for each stage, even from concurrent processes', async () => {
    const expiresAt = inDays(30);
    const { id } = await keys.make({ name: 'ending', expiresAt });
    expect(await remind()).toBe(0);
    keys.hub.clock.advance(24 * DAY_MS);
    const reminded = await Promise.all(Array.from({ length: 20 }, remind));
    expect(reminded.reduce((sum, each) => sum + each)).toBe(1);
    const [event, ...more] = await eventsAbout(id, due);
    expect([event, more]).toEqual([
      {
        apiKeyId: id,
        name: 'ending',
        start: expect.stringMatching(/^hub_live_\w{4}$/),
        environment: 'live',
        ownerId: keys.team.owner.id,
        reason: 'expiresSoon',
        expiresAt,
      },
      [],
    ]);
    expect(mailsTo(keys.team.owner).map(({ subject }) => subject)).toEqual([
      'Your API key expires soon: ending',
    ]);
    expect(await remind()).toBe(0);
    keys.hub.clock.advance(5 * DAY_MS + HOUR_MS);
    expect([await remind(), await remind()]).toEqual([1, 0]);
    keys.hub.clock.advance(DAY_MS);
    expect(await remind()).toBe(0);
    expect(await eventsAbout(id, due)).toHaveLength(2);
  });

  it('notifies about keys that are older than the policy, until they are rotated', async () => {
    const { organizationId } = keys;
    const { id: apiKeyId } = await keys.make({ name: 'old' });
    keys.hub.clock.advance(90 * DAY_MS);
    expect([await remind(), await remind()]).toEqual([1, 0]);
    expect(await eventsAbout(apiKeyId, due)).toMatchObject([{ reason: 'old' }]);
    await owner().rotateApiKey({ organizationId, apiKeyId });
    keys.hub.clock.advance(89 * DAY_MS);
    expect(await remind()).toBe(0);
    keys.hub.clock.advance(DAY_MS);
    expect(await remind()).toBe(1);
    await owner().revokeApiKey({ organizationId, apiKeyId });
    keys.hub.clock.advance(90 * DAY_MS);
    expect(await remind()).toBe(0);
  });

  it('notifies organizations even if the e-mail fails, which is tried once', async () => {
    const { id } = await keys.make({ name: 'unmailed', expiresAt: inDays(2) });
    mailFails = true;
    expect(await remind()).toBe(1);
    mailFails = false;
    expect(await remind()).toBe(0);
    expect([await eventsAbout(id, due), mails]).toMatchObject([[{ reason: 'expiresSoon' }], []]);
    const said = keys.hub.logLines.filter((line) => line.includes('apiKey.mailFailed'));
    expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({ level: 'error', apiKeyId: id });
  });

  it('runs as a job, every day', async () => {
    const { body } = await keys.hub.rest('GET', '/cloud_code/jobs/data', master);
    expect(body.jobs).toContain('remindKeyRotation');
    const started = await keys.hub.rest('POST', '/jobs/remindKeyRotation', master, {});
    expect(started.status).toBe(200);
  });
});

describe('revokeApiKeys', () => {
  it('revokes the keys of one owner, or all of the organization, and no others', async () => {
    const { hub, team } = keys;
    const admin = await hub.as(team.admin).createOrganization({ name: 'Bulk' });
    const organizationId = admin.organization.id;
    const other = { organizationId, userId: team.owner.id, role: 'owner' } as const;
    await addMember(hub, other);
    const make = (by: typeof team.admin) =>
      hub.as(by).createApiKey({ organizationId, name: 'x', scopes: ['webhooks:read'] });
    const [one, two, three] = [
      await make(team.admin),
      await make(team.admin),
      await make(team.owner),
    ];
    const elsewhere = await keys.make();
    const ownerId = team.admin.id;
    const { apiKeyIds } = await hub.as(team.owner).revokeApiKeys({ organizationId, ownerId });
    expect([...apiKeyIds].sort()).toEqual([one.apiKey.id, two.apiKey.id].sort());
    expect(await Promise.all([one, two, three].map(({ key }) => works(key)))).toEqual([
      ...[false, false, true],
    ]);
    expect(await hub.as(team.owner).revokeApiKeys({ organizationId })).toEqual({
      apiKeyIds: [three.apiKey.id],
    });
    expect([await works(three.key), await works(elsewhere.key)]).toEqual([false, true]);
    const { items } = await hub.as(team.owner).getAuditLog({
      organizationId,
      function: 'revokeApiKeys',
      limit: 2,
    });
    expect(items.map(({ rows }) => rows['apiKeyIds'])).toEqual([
      [three.apiKey.id],
      expect.arrayContaining([one.apiKey.id, two.apiKey.id]),
    ]);
  });

  it('requires the permission to create keys', async () => {
    const { hub, team, organizationId } = keys;
    const { body } = await hub.call('revokeApiKeys', { organizationId }, team.developer);
    expect(body.code).toBe(7003);
  });
});

describe('a report of leaked keys', () => {
  const THANKS = {
    status: 202,
    body: { message: 'Thank you. Every key of this hub among them has been revoked.' },
  };
  const report = (body: unknown) => send(JSON.stringify(body));
  async function send(body: string) {
    const response = await fetch(`${keys.hub.url}/hub/leaks/api-keys`, {
      method: 'POST',
      body,
    });
    return {
      status: response.status,
      body: (await response.json()) as Json,
      headers: response.headers,
    };
  }
  /** The number of reports allowed in a minute. */
  beforeEach(() => keys.hub.clock.advance(120_000));

  it.each<[string, (key: string) => unknown]>([
    ['as a list', (key) => ({ keys: [key] })],
    ['as to GitHub', (key) => ({ credentials: [key] })],
    [
      'as from GitHub',
      (token) => [{ token, type: 'hub_key', url: 'https://github.com/x/y', source: 'commit' }],
    ],
  ])('revokes them, %s, and notifies their owners', async (_how, bodyOf) => {
    const { key, id } = await keys.make({ name: 'leaked' });
    expect(await works(key)).toBe(true);
    expect(await report(bodyOf(key))).toMatchObject(THANKS);
    expect((await keys.call(key, 'getWebhooks')).body.code).toBe(7009);
    const { organizationId } = keys;
    const { apiKey } = await owner().getApiKey({ organizationId, apiKeyId: id });
    expect(apiKey.status).toBe('revoked');
    expect(await eventsAbout(id, 'hub.apiKey.leaked')).toMatchObject([
      { name: 'leaked', revoked: 'key', ownerId: keys.team.owner.id },
    ]);
    expect(mailsTo(keys.team.owner).map(({ subject }) => subject)).toEqual([
      'Your API key was found in a public place: leaked',
    ]);
    const { items } = await owner().getAuditLog({
      organizationId,
      function: 'leaks/api-keys',
      limit: 1,
    });
    expect(items).toMatchObject([
      { function: 'leaks/api-keys', actor: 'anonymous', outcome: 'ok', rows: { apiKeyId: id } },
    ]);
  });

  it('ends the grace period of a rotated key, and not its current secret', async () => {
    const { organizationId } = keys;
    const { key: before, id: apiKeyId } = await keys.make();
    const { key } = await owner().rotateApiKey({ organizationId, apiKeyId, graceHours: 24 });
    expect([await works(before), await works(key)]).toEqual([true, true]);
    expect(await report({ keys: [before] })).toMatchObject(THANKS);
    expect([await works(before), await works(key)]).toEqual([false, true]);
    expect(await eventsAbout(apiKeyId, 'hub.apiKey.leaked')).toMatchObject([
      { revoked: 'previousKey' },
    ]);
    expect(await report({ keys: [before] })).toMatchObject(THANKS);
    expect(await works(key)).toBe(true);
    expect(await eventsAbout(apiKeyId, 'hub.apiKey.leaked')).toHaveLength(1);
  });

  it('always gets the same response', async () => {
    const { organizationId } = keys;
    const { key, id: apiKeyId } = await keys.make();
    await owner().revokeApiKey({ organizationId, apiKeyId });
    const unknown = generateKey('hub', 'live');
    expect(looksLikeKey(unknown)).toBe(true);
    const { key: over, id: overId } = await keys.make({ expiresAt: inDays(1) });
    keys.hub.clock.advance(DAY_MS);
    for (const one of [key, over, unknown, `${key}x`, 'ghp_something', ''])
      expect(await report({ keys: [one] })).toMatchObject(THANKS);
    for (const id of [apiKeyId, overId])
      expect(await eventsAbout(id, 'hub.apiKey.leaked')).toEqual([]);
  });

  it('is notified once by simultaneous reports', async () => {
    const { key, id } = await keys.make();
    await Promise.all(Array.from({ length: 20 }, () => report({ keys: [key, key] })));
    expect(await works(key)).toBe(false);
    expect(await eventsAbout(id, 'hub.apiKey.leaked')).toHaveLength(1);
    expect(mailsTo(keys.team.owner)).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['nothing', '{}'],
    ['an empty list', '{"keys":[]}'],
    ['too many', JSON.stringify({ keys: Array.from({ length: 101 }, () => 'x') })],
    ['numbers', '{"keys":[1]}'],
    ['conditions', '{"keys":[{"$ne":null}]}'],
    ['no JSON', '{'],
    ['more than is read', JSON.stringify({ keys: ['x'.repeat(300_000)] })],
  ])('is refused with a message: %s', async (_what, body) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { code: 7001 } });
  });

  it('is limited for each address', async () => {
    const responses = await Promise.all(
      Array.from({ length: 40 }, () => report({ keys: [generateKey('hub', 'live')] })),
    );
    const refused = responses.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    expect(refused[0]?.body.code).toBe(8114);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
