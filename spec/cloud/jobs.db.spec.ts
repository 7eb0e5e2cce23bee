import { defineJob } from '../../cloud/define.js';
import { jobs } from '../../cloud/manifest.js';
import { checkJobNames, registerJobs } from '../../cloud/registerJobs.js';
import type { ParseSdk } from '../../src/platform/parse/index.js';
import { CODE, type Provider, startProvider } from '../connections/provider.js';
import {
  anonymous,
  type Caller,
  type Json,
  master,
  readOnlyMaster,
  startHub,
  type TestHub,
} from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const NAMES = [
  'retryWebhooks',
  'refreshTokens',
  'rescueStuckWork',
  'pruneHistory',
  'reencryptSecrets',
  'remindKeyRotation',
];

let hub: TestHub;
let receiver: Receiver;
let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
  const oauthClients = { acme: { clientId: 'client of the hub', clientSecret: 'its secret' } };
  hub = await startHub({
    hub: { connectors: [provider.connector], oauthClients },
    host: { cloud: hostCloud },
  });
  receiver = await startReceiver();
});
afterAll(async () => {
  provider.close();
  await receiver.close();
  await hub.stop();
});

function hostCloud(Parse: ParseSdk): void {
  Parse.Cloud.job('hostJob', ({ params }) => {
    if (params['fail'] === true) throw new Error('The host says why.');
    return `The host was given ${JSON.stringify(params)}`;
  });
}

/** Starts a job as Parse Dashboard does. */
async function startJob(name: string, as: Caller = master, params: object = {}) {
  const response = await fetch(`${hub.url}/parse/jobs/${name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-parse-application-id': hub.appId,
      ...(as.masterKey !== undefined && { 'x-parse-master-key': as.masterKey }),
      ...(as.sessionToken !== undefined && { 'x-parse-session-token': as.sessionToken }),
    },
    body: JSON.stringify(params),
  });
  await response.text();
  return {
    status: response.status,
    id: response.headers.get('x-parse-job-status-id') ?? undefined,
  };
}

/** Waits for the end of a run, and returns the run as Parse Dashboard shows it. */
async function endOf(id: string | undefined): Promise<Json> {
  for (;;) {
    const { body } = await hub.rest('GET', `/classes/_JobStatus/${id ?? ''}`, master);
    if (body.status !== 'running') return body;
  }
}

async function run(name: string, params?: object): Promise<Json> {
  return endOf((await startJob(name, master, params)).id);
}

async function linesOf(runId: string | undefined): Promise<Json[]> {
  const lines = hub.logLines.map((line) => JSON.parse(line));
  return lines.filter((line) => line.run === runId);
}

async function publish(type: string) {
  const client = hub.as(await hub.signUp());
  await client.createOrganization({ name: 'Acme' });
  await client.createWebhook({ name: 'all', url: receiver.url, events: ['*'] });
  await client.publishEvent({ type, data: {} });
  return client;
}

describe('the jobs of the hub', () => {
  it('are listed by Dashboard beside those of the host', async () => {
    const { body } = await hub.rest('GET', '/cloud_code/jobs/data', master);
    expect(body.jobs.sort()).toEqual(['hostJob', ...NAMES].sort());
  });

  it.each(NAMES)('%s can be started with the master key only', async (name) => {
    const user = await hub.signUp();
    const responses = await Promise.all(
      [anonymous, user, readOnlyMaster].map((caller) => startJob(name, caller)),
    );
    expect(responses).toEqual([403, 403, 400].map((status) => ({ status, id: undefined })));
  });

  it.each(NAMES)('%s may run many times at once', async (name) => {
    const started = await Promise.all(Array.from({ length: 20 }, () => startJob(name)));
    for (const { id } of started) {
      expect(await endOf(id)).toMatchObject({
        jobName: name,
        status: 'succeeded',
        message: expect.stringMatching(
          /^(Nothing was due|Completed no|Deleted no|Re-encrypted no).*\.$/,
        ),
        finishedAt: { __type: 'Date' },
      });
    }
  });

  it('log one line about what they did', async () => {
    const { id } = await startJob('pruneHistory');
    const { message } = await endOf(id);
    const lines = await linesOf(id);
    expect(lines).toEqual([
      expect.objectContaining({ level: 'info', event: 'job.ran', job: 'pruneHistory', message }),
    ]);
  });

  it('have names that the host may not use', () => {
    expect(() => {
      checkJobNames(hub.app.parseJobs, [...jobs, { ...jobs[0], name: 'hostJob' }]);
    }).toThrow("The hub's jobs hostJob have the names of jobs of yours. Set jobPrefix");
    expect(() => {
      // Jobs of the hub from an earlier start in this process are no conflict.
      checkJobNames(hub.app.parseJobs, [...jobs, { ...jobs[0], name: 'free' }]);
    }).not.toThrow();
  });

  it('do not change the jobs of the host', async () => {
    expect(await run('hostJob', { a: 1 })).toMatchObject({
      status: 'succeeded',
      message: 'The host was given {"a":1}',
    });
    expect(await run('hostJob', { fail: true })).toMatchObject({
      status: 'failed',
      message: 'The host says why.',
    });
  });
});

describe('retryWebhooks', () => {
  it('delivers what is due, each delivery once, however many runs there are', async () => {
    await publish('order.paid');
    const before = receiver.requests.length;
    const started = await Promise.all(Array.from({ length: 20 }, () => startJob('retryWebhooks')));
    const messages = await Promise.all(
      started.map(async ({ id }) => (await endOf(id)).message as string),
    );
    expect(receiver.requests.length - before).toBe(1);
    expect(messages.filter((message) => message !== 'Nothing was due.')).toEqual([
      'Attempted the due deliveries of 1 webhook.',
    ]);
  });
});

describe('refreshTokens', () => {
  const HOUR_MS = 3_600_000;
  async function connect() {
    const client = hub.as(await hub.signUp());
    await client.createOrganization({ name: 'Acme' });
    const { url, connection } = await client.startConnection({
      connector: 'acme',
      name: 'Ours',
      browser: false,
    });
    const state = new URL(url).searchParams.get('state') ?? '';
    await client.finishConnection({ state, code: CODE });
    provider.tokenRequests.length = 0;
    return async () => {
      const { items } = await client.getConnections();
      return items.find(({ id }) => id === connection.id);
    };
  }

  it('refreshes what is about to expire, each token once, however many runs there are', async () => {
    const connection = await connect();
    const before = await connection();
    expect(await run('refreshTokens')).toMatchObject({ message: 'Nothing was due.' });
    hub.clock.advance(HOUR_MS - 60_000);
    const started = await Promise.all(Array.from({ length: 20 }, () => startJob('refreshTokens')));
    const messages = await Promise.all(
      started.map(async ({ id }) => (await endOf(id)).message as string),
    );
    expect(messages.filter((message) => message !== 'Nothing was due.')).toEqual([
      'Refreshed the tokens of 1 connection.',
    ]);
    expect(provider.tokenRequests.map((request) => request.get('grant_type'))).toEqual([
      'refresh_token',
    ]);
    const after = await connection();
    expect(Date.parse(after?.expiresAt ?? '')).toBeGreaterThan(Date.parse(before?.expiresAt ?? ''));
    expect(after).toMatchObject({ state: 'connected' });
  });

  it('does not retry a token that the service refused: a person must reconnect', async () => {
    const connection = await connect();
    provider.refreshTokens.clear();
    hub.clock.advance(HOUR_MS - 60_000);
    await run('refreshTokens');
    expect(await connection()).toMatchObject({ state: 'reconnect' });
    hub.clock.advance(HOUR_MS);
    const requests = provider.tokenRequests.length;
    await run('refreshTokens');
    expect(provider.tokenRequests).toHaveLength(requests);
  });
});

describe('pruneHistory', () => {
  it('deletes rows older than the retention, and reports their numbers', async () => {
    const client = await publish('order.shipped');
    await run('retryWebhooks');
    expect((await client.getEvents()).items).toHaveLength(1);
    hub.clock.advance(91 * DAY_MS);
    const { message } = await run('pruneHistory');
    expect(message).toMatch(
      /^Deleted \d+ events?, \d+ (delivery|deliveries), \d+ attempts?, no executions and no audit entries\.$/,
    );
    expect((await client.getEvents()).items).toHaveLength(0);
    expect(await run('pruneHistory')).toMatchObject({
      message: 'Deleted no events, no deliveries, no attempts, no executions and no audit entries.',
    });
  });
});

describe('a job', () => {
  const CANARY = 'canary-4711';
  const register = (job: (typeof jobs)[number]) => {
    const { services, log, parseJobs } = hub.app;
    registerJobs({ jobs: parseJobs, schedules: services.schedules, services, log }, [job]);
  };

  it('shows its progress and then its last message', async () => {
    const shown: string[] = [];
    register(
      defineJob({
        name: 'slowly',
        summary: 'Runs until the spec has seen its progress.',
        async run({ progress }) {
          progress('one of two');
          while (shown.length === 0) {
            const { body } = await hub.rest('GET', '/classes/_JobStatus?limit=1000', master);
            const seen = body.results.find((row: Json) => row.message === 'one of two');
            if (seen) shown.push(seen.status);
          }
          return 'two of two';
        },
      }),
    );
    expect(await run('slowly')).toMatchObject({ status: 'succeeded', message: 'two of two' });
    expect(shown).toEqual(['running']);
  });

  it('that throws shows nothing of the error, only where to look', async () => {
    register(
      defineJob({
        name: 'leaky',
        summary: 'Fails with an error that must not be shown.',
        run: () => Promise.reject(new Error(`password is ${CANARY}`)),
      }),
    );
    const { id } = await startJob('leaky');
    const row = await endOf(id);
    expect(row).toMatchObject({
      status: 'failed',
      message: `Something failed on our side. The hub's log has the cause: look for run ${id ?? ''}.`,
    });
    expect(JSON.stringify(row)).not.toContain(CANARY);
    expect(await linesOf(id)).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'job.failed',
        job: 'leaky',
        err: expect.objectContaining({ message: `password is ${CANARY}` }),
      }),
    ]);
  });
});
