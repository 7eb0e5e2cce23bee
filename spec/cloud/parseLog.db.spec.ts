import { inspect } from 'node:util';

import type { ParseSdk } from '../../src/platform/parse/index.js';
import { type Json, master, startHub, type TestHub, type TestUser } from '../support/hub.js';

/** Unique values: a text that contains one of them leaks it. */
const GIVEN = 'given-secret-0a1b2c3d4e5f';
const HOSTS = 'a-value-of-the-host';

let hub: TestHub;
let owner: TestUser;
const entries: unknown[][] = [];
const shown: string[] = [];

interface Cloud {
  define(name: string, run: (request: Json) => unknown): void;
  job(name: string, run: (request: Json) => unknown): void;
  run(name: string, params: object, options: object): Promise<Json>;
}

/** The host's functions and a job, which call the hub as front ends do. Their results contain nothing of the hub's. */
function hostCloud(Parse: ParseSdk): void {
  const cloud = Parse.Cloud as unknown as Cloud;
  const createKey = async (params: object, options: object) => {
    shown.push((await cloud.run('createApiKey', { ...KEY, ...params }, options)).key);
  };
  cloud.define('hostEcho', ({ params }) => params);
  cloud.define('hostFails', () => {
    throw new Error('The host says why.');
  });
  cloud.define('hostCreatesKey', async ({ user }) => {
    await createKey({}, { sessionToken: user.getSessionToken() });
    return HOSTS;
  });
  cloud.job('hostJob', async ({ params }) => {
    await cloud.run('getOrganizationMembers', params, MASTER).catch(() => undefined);
    jobRan();
  });
}
const KEY = { name: 'of the host', scopes: ['webhooks:read'] };
const MASTER = { useMasterKey: true };
let jobRan: () => void;
const job = new Promise<void>((resolve) => {
  jobRan = resolve;
});

beforeAll(async () => {
  hub = await startHub({
    host: {
      cloud: hostCloud,
      logLevel: 'info',
      loggerAdapter: { log: (...entry: unknown[]) => void entries.push(entry) },
    },
  });
  owner = await hub.signUp();
  await hub.as(owner).createOrganization({ name: 'Acme' });
  entries.length = 0;
});
afterAll(() => hub.stop());

async function call(name: string, params: object): Promise<Json> {
  const { body } = await hub.call(name, params, owner);
  return body;
}

function logged(): string {
  return inspect(entries, { depth: 12, maxStringLength: null, maxArrayLength: null });
}

function expectNoSecret(): void {
  const text = logged();
  expect([GIVEN, ...shown].filter((secret) => text.includes(secret))).toEqual([]);
}

const WEBHOOK = { name: 'w', url: 'http://127.0.0.1:9/', events: ['*'] };

describe('the log of Parse Server', () => {
  it('has neither parameters nor results nor errors of the hub’s functions', async () => {
    shown.push((await call('createApiKey', KEY)).result.key);
    shown.push((await call('createWebhook', WEBHOOK)).result.secret);
    expect((await call('createWebhook', { ...WEBHOOK, secret: GIVEN })).code).toBe(7001);
    expect((await call('getWebhook', { webhookId: GIVEN })).code).toBe(7301);
    expect(shown).toEqual([expect.stringMatching(/^hub_/), expect.stringMatching(/^whsec_/)]);
    expectNoSecret();
    expect(logged()).not.toContain('cloud function');
  });

  it('has none of these in a batch, but has the host’s functions of the batch', async () => {
    const requests = [
      ['hostEcho', { mark: `${HOSTS} first` }],
      ['createApiKey', KEY],
      ['hostEcho', { mark: `${HOSTS} between` }],
      ['getWebhook', { webhookId: GIVEN }],
      ['hostFails', { mark: `${HOSTS} last` }],
    ].map(([name, body]) => ({ method: 'POST', path: `/parse/functions/${name as string}`, body }));
    const { body } = await hub.rest('POST', '/batch', owner, { requests });
    shown.push(body[1].success.result.key);
    expectNoSecret();
    for (const at of ['first', 'between', 'last']) {
      expect(logged()).toContain(`${HOSTS} ${at}`);
    }
  });

  it('has none of these for a call from cloud code or from a job', async () => {
    expect((await call('hostCreatesKey', {})).result).toBe(HOSTS);
    expect(shown.at(-1)).toMatch(/^hub_/);
    await hub.rest('POST', '/jobs/hostJob', master, { organizationId: GIVEN });
    await job;
    expectNoSecret();
    expect(logged()).toContain('Ran cloud function hostCreatesKey');
  });

  it('has the lines of the host’s functions as Parse Server writes them', async () => {
    entries.length = 0;
    await call('hostEcho', { mark: HOSTS });
    await call('hostFails', { mark: HOSTS });
    const [ran, failed] = entries.filter(([, text]) => String(text).includes('cloud function'));
    const input = `\n  Input: {"mark":"${HOSTS}"}`;
    expect(ran).toEqual([
      'info',
      `Ran cloud function hostEcho for user ${owner.id} with:${input}\n  Result: {"mark":"${HOSTS}"}`,
      { functionName: 'hostEcho', params: { mark: HOSTS }, user: owner.id },
    ]);
    expect(failed?.slice(0, 2)).toEqual([
      'error',
      `Failed running cloud function hostFails for user ${owner.id} with:${input}\n  Error: {"message":"The host says why.","code":141}`,
    ]);
  });
});
