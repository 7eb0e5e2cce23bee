import { once } from 'node:events';

import { type Office, openOffice, type Scheduler, startScheduler } from './scheduler.js';

const SECOND_MS = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

let office: Office;
let schedulers: Scheduler[] = [];
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.stop());
afterEach(async () => {
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
  schedulers = [];
  await office.clear();
});

async function start(options?: Parameters<typeof startScheduler>[1]): Promise<Scheduler> {
  const scheduler = await startScheduler(office, options);
  schedulers.push(scheduler);
  return scheduler;
}

/** A gate that a job waits for until the spec opens it. */
function gate(): { readonly opened: Promise<unknown>; open(): void } {
  const opening = new AbortController();
  return { opened: once(opening.signal, 'abort'), open: () => opening.abort() };
}

const OWN = { own: [{ name: 'ours' }] };

/** Starts a job like "Run now" of Dashboard. */
function startByHand(jobName: string): Promise<string> {
  return office.Parse.Cloud.startJob(jobName, {});
}

/** Declares a job of the host that runs until the gate is opened, and lets the scheduler start it. */
async function startEndless(scheduler: Scheduler) {
  const { opened, open } = gate();
  office.job('endless', async ({ message }) => {
    await message('half way');
    await opened;
    return 'done after all';
  });
  await office.schedule({ jobName: 'endless', params: '{}' });
  await scheduler.drain();
  const [run] = await office.runs('endless');
  return { id: run.objectId as string, open };
}

describe('a run whose process has crashed', () => {
  const DIED = 'The process that ran this job stopped before the job ended.';

  it('is marked as failed by another process, if a schedule started it', async () => {
    const [dead, alive] = [await start(), await start()];
    const { id, open } = await startEndless(dead);
    await alive.drain();
    expect(await office.run(id)).toMatchObject({ status: 'running', message: 'half way' });

    alive.clock.advance(61 * SECOND_MS);
    await alive.drain();
    expect(await office.run(id)).toMatchObject({
      status: 'failed',
      message: `${DIED} Its last message: half way`,
      finishedAt: { __type: 'Date' },
    });
    expect(await office.lanes('job')).toEqual([]);

    // The process was only slow: it releases the lane, and Parse Server writes the real result of the run.
    await dead.schedules.look();
    await dead.schedules.whenIdle();
    open();
    expect(await office.runWhen(id, 'succeeded')).toMatchObject({ message: 'done after all' });
  });

  it('is marked as failed regardless of who started it, if it is a job of the hub', async () => {
    const [dead, alive] = [await start(OWN), await start(OWN)];
    const { opened, open } = gate();
    let given: AbortSignal | undefined;
    office.job('ours', ({ jobId }) =>
      dead.schedules.track(jobId, async (signal) => {
        given = signal;
        await opened;
        return 'done after all';
      }),
    );
    const id = await startByHand('ours');
    await office.runWhen(id, 'running');
    alive.clock.advance(61 * SECOND_MS);
    await alive.drain();
    expect(await office.run(id)).toMatchObject({ status: 'failed', message: DIED });

    await dead.schedules.look();
    expect(given?.aborted).toBe(true);
    open();
    await office.runWhen(id, 'succeeded');
  });

  it('is marked as failed once, by the first process that runs the rescue job, without loops', async () => {
    const [dead, alive] = [await start(), await start()];
    const runs = [await startEndless(dead)];
    alive.clock.advance(61 * SECOND_MS);
    const { signal } = new AbortController();
    const counts = await Promise.all(
      Array.from({ length: 20 }, () => alive.schedules.maintenance.rescue({ signal })),
    );
    expect(counts.sort()).toEqual([...Array<number>(19).fill(0), 1]);
    for (const { id, open } of runs) {
      expect(await office.run(id)).toMatchObject({ status: 'failed' });
      open();
      await office.runWhen(id, 'succeeded');
    }
  });

  it('is left unchanged if a user started a job of the host, which is not tracked', async () => {
    const { opened, open } = gate();
    office.job('theirs', () => opened);
    const id = await startByHand('theirs');
    const scheduler = await start(OWN);
    scheduler.clock.advance(DAY_MS);
    await scheduler.drain();
    expect(await office.run(id)).toMatchObject({ status: 'running' });
    open();
    await office.runWhen(id, 'succeeded');
  });
});

describe('a run whose process is alive', () => {
  it('continues as long as it takes', async () => {
    const [busy, other] = [await start(), await start()];
    const { id, open } = await startEndless(busy);
    for (let times = 0; times < 10; times += 1) {
      for (const { clock } of schedulers) clock.advance(30 * SECOND_MS);
      await busy.schedules.look();
      await other.drain();
    }
    expect(await office.run(id)).toMatchObject({ status: 'running' });
    open();
    await office.runWhen(id, 'succeeded');
    await busy.schedules.look();
    await busy.schedules.whenIdle();
    expect(await office.lanes('job')).toEqual([]);
  });

  it('continues when the process could not extend its hold and rescued the run itself', async () => {
    const [busy, other] = [await start(), await start()];
    const { id, open } = await startEndless(busy);
    busy.clock.advance(61 * SECOND_MS);
    await busy.drain();
    await busy.schedules.look();
    other.clock.advance(100 * SECOND_MS);
    await other.drain();
    expect(await office.run(id)).toMatchObject({ status: 'running' });
    open();
    await office.runWhen(id, 'succeeded');
  });

  it('deletes its lane once its row certainly has the result', async () => {
    const scheduler = await start(OWN);
    office.job('ours', ({ jobId }) => scheduler.schedules.track(jobId, async () => 'done'));
    const id = await startByHand('ours');
    expect(await office.runWhen(id, 'succeeded')).toMatchObject({ message: 'done' });
    await scheduler.schedules.whenIdle();
    expect(await office.lanes('job')).toEqual([id]);
    expect(await office.heldLanes()).toEqual([]);
    scheduler.clock.advance(61 * SECOND_MS);
    await scheduler.drain();
    expect(await office.lanes('job')).toEqual([]);
    expect(await office.run(id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('stop', () => {
  it('signals runs to end and waits for them', async () => {
    const scheduler = await start(OWN);
    office.job('ours', ({ jobId }) =>
      scheduler.schedules.track(jobId, async (signal) => {
        if (!signal.aborted) await once(signal, 'abort');
        // Some last steps.
        for (let steps = 0; steps < 10; steps += 1) await office.run(jobId);
        return 'left early';
      }),
    );
    const id = await startByHand('ours');
    await office.runWhen(id, 'running');
    await scheduler.stop();
    expect(await office.heldLanes()).toEqual([]);
    expect(await office.runWhen(id, 'succeeded')).toMatchObject({ message: 'left early' });
  });

  it('waits for a job of the host that a schedule started', async () => {
    const scheduler = await start();
    const { id, open } = await startEndless(scheduler);
    const stopped = scheduler.stop();
    open();
    await stopped;
    expect(await office.run(id)).toMatchObject({ status: 'succeeded' });
    expect(await office.lanes('job')).toEqual([]);
  });

  it('marks runs as failed that take too long', async () => {
    const scheduler = await start({ drainMs: 20 });
    const { id, open } = await startEndless(scheduler);
    await scheduler.stop();
    expect(await office.run(id)).toMatchObject({
      status: 'failed',
      message: 'The process was shut down before the job ended. Its last message: half way',
    });
    expect(await office.lanes('job')).toEqual([]);
    open();
    await office.runWhen(id, 'succeeded');
  });

  it('does not start jobs that become due meanwhile', async () => {
    const scheduler = await start();
    office.job('tidy', () => 'tidied');
    await scheduler.stop();
    await office.schedule({ jobName: 'tidy', params: '{}' });
    scheduler.clock.advance(60 * SECOND_MS);
    await scheduler.drain();
    expect(await office.runs('tidy')).toEqual([]);
    const next = await start();
    await next.drain();
    expect(await office.runs('tidy')).toHaveLength(1);
  });
});

describe('prune', () => {
  const { signal } = new AbortController();

  it('deletes the hub’s own runs after a week, and no others', async () => {
    const scheduler = await start(OWN);
    office.job('ours', () => 'done');
    office.job('theirs', () => 'done');
    for (const name of ['ours', 'theirs']) {
      await office.runWhen(await startByHand(name), 'succeeded');
    }
    scheduler.clock.advance(7 * DAY_MS - 60 * SECOND_MS);
    await scheduler.schedules.maintenance.prune({ signal });
    expect(await office.runs('ours')).toHaveLength(1);
    scheduler.clock.advance(120 * SECOND_MS);
    await Promise.all([1, 2, 3].map(() => scheduler.schedules.maintenance.prune({ signal })));
    expect(await office.runs('ours')).toHaveLength(0);
    expect(await office.runs('theirs')).toHaveLength(1);
  });

  it('marks a run of the hub as failed that was never tracked', async () => {
    const scheduler = await start(OWN);
    const { opened, open } = gate();
    office.job('ours', () => opened);
    const id = await startByHand('ours');
    await scheduler.schedules.maintenance.prune({ signal });
    expect(await office.run(id)).toMatchObject({ status: 'running' });
    scheduler.clock.advance(DAY_MS + 60 * SECOND_MS);
    await scheduler.schedules.maintenance.prune({ signal });
    expect(await office.run(id)).toMatchObject({ status: 'failed' });
    open();
    await office.runWhen(id, 'succeeded');
  });
});
