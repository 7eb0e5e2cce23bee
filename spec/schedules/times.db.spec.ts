import { type Office, openOffice, type Scheduler, startScheduler } from './scheduler.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

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

/** Advances the time of all processes; each then runs the jobs that are due. */
async function pass(ms: number): Promise<void> {
  for (const { clock } of schedulers) clock.advance(ms);
  await Promise.all(schedulers.map((scheduler) => scheduler.drain()));
}

/** Half an hour from now, so that the duration of a spec does not matter. */
function hourly(): { cron: string; timeOfDay: string } {
  const minute = (new Date().getUTCMinutes() + 30) % 60;
  const text = String(minute).padStart(2, '0');
  return { cron: `${minute} * * * *`, timeOfDay: `00:${text}:00.000Z` };
}

describe('a job of the hub with a cron expression', () => {
  it('is started by one of three processes each time, regardless of their clocks', async () => {
    office.job('tick', () => 'ticked');
    const own = [{ name: 'tick', cron: hourly().cron }];
    for (const hours of [-1, 0, 1]) await start({ own, clockAheadMs: hours * HOUR_MS });
    await pass(0);
    expect(await office.runs('tick')).toHaveLength(0);
    for (let times = 1; times <= 20; times += 1) {
      await pass(HOUR_MS);
      expect(await office.runs('tick')).toHaveLength(times);
    }
  });

  it('catches up on missed runs once', async () => {
    office.job('tick', () => 'ticked');
    const own = [{ name: 'tick', cron: hourly().cron }];
    const first = await start({ own });
    await first.drain();
    await first.stop();
    const second = await start({ own });
    await pass(7 * HOUR_MS);
    expect(await office.runs('tick')).toHaveLength(1);
    await second.drain();
    expect(await office.runs('tick')).toHaveLength(1);
    await pass(HOUR_MS);
    expect(await office.runs('tick')).toHaveLength(2);
  });

  it('starts again when the expression has changed', async () => {
    office.job('tick', () => 'ticked');
    const first = await start({ own: [{ name: 'tick', cron: '0 0 1 1 *' }] });
    await first.drain();
    await start({ own: [{ name: 'tick', cron: hourly().cron }] });
    await first.stop();
    await pass(0);
    expect(await office.runs('tick')).toHaveLength(0);
    await pass(HOUR_MS);
    expect(await office.runs('tick')).toHaveLength(1);
  });

  it('is refused with an expression that never matches', async () => {
    await expect(start({ own: [{ name: 'tick', cron: '0 0 31 2 *' }] })).rejects.toThrow(
      /"0 0 31 2 \*" cannot be used: .*impossible day/,
    );
  });
});

describe('a row written by Dashboard', () => {
  it('runs once if it does not repeat, with its parameters, and records when', async () => {
    const calls: unknown[] = [];
    office.job('tidy', ({ params }) => {
      calls.push(params);
    });
    const id = await office.schedule({
      jobName: 'tidy',
      description: 'Tidies at once',
      params: '{"rooms":2}',
      daysOfWeek: [1, 1, 1, 1, 1, 1, 1],
    });
    const { clock } = await start();
    for (let processes = 2; processes <= 3; processes += 1) await start();
    const beforeMs = clock.now().getTime();
    await pass(0);
    const afterMs = clock.now().getTime();
    expect(calls).toEqual([{ rooms: 2 }]);
    await pass(DAY_MS);
    expect(calls).toHaveLength(1);
    const row = await office.scheduled(id);
    // Whole seconds, by the clock of one of three processes.
    expect(row.lastRun * 1000).toBeGreaterThan(beforeMs - 2_000);
    expect(row.lastRun * 1000).toBeLessThan(afterMs + 1_000);
    expect(row.updatedAt).toBe(row.createdAt);
  });

  it('runs at the times of the day that it names', async () => {
    office.job('tidy', () => 'tidied');
    const { timeOfDay } = hourly();
    await office.schedule({
      jobName: 'tidy',
      params: '{}',
      daysOfWeek: [1, 1, 1, 1, 1, 1, 1],
      timeOfDay,
      repeatMinutes: 60,
    });
    for (let processes = 1; processes <= 3; processes += 1) await start();
    await pass(0);
    expect(await office.runs('tidy')).toHaveLength(0);
    for (let times = 1; times <= 5; times += 1) {
      await pass(HOUR_MS);
      expect(await office.runs('tidy')).toHaveLength(times);
    }
    await pass(DAY_MS);
    expect(await office.runs('tidy')).toHaveLength(6);
  });

  it('that is created, changed or deleted takes effect within a minute', async () => {
    office.job('tidy', () => 'tidied');
    office.job('paint', () => 'painted');
    const scheduler = await start();
    await pass(0);
    const id = await office.schedule({ jobName: 'tidy', params: '{}' });
    await pass(MINUTE_MS);
    expect(await office.runs('tidy')).toHaveLength(1);

    // Dashboard's form says "will run immediately" and sends no startAfter when a user saves a change.
    await office.reschedule(id, { jobName: 'paint', params: '{}' });
    await pass(MINUTE_MS);
    expect(await office.runs('tidy')).toHaveLength(1);
    expect(await office.runs('paint')).toHaveLength(1);

    const { timeOfDay } = hourly();
    await office.reschedule(id, { jobName: 'paint', timeOfDay, repeatMinutes: 60 });
    await pass(MINUTE_MS);
    expect(await office.lanes('schedule')).toEqual([`row:${id}`, 'sync']);
    await office.unschedule(id);
    await pass(MINUTE_MS);
    expect(await office.lanes('schedule')).toEqual(['sync']);
    await pass(DAY_MS);
    expect(await office.runs('paint')).toHaveLength(1);
    expect(scheduler.warnings).toEqual([]);
  });

  it('of long ago does not run when the hub is installed', async () => {
    office.job('tidy', () => 'tidied');
    const startAfter = new Date(Date.now() - 2 * DAY_MS).toISOString();
    await office.schedule({ jobName: 'tidy', params: '{}', startAfter });
    await start();
    await pass(0);
    await pass(MINUTE_MS);
    expect(await office.runs('tidy')).toHaveLength(0);
  });

  it('that cannot be used stops no other, stays unchanged and is logged once', async () => {
    office.job('tidy', () => 'tidied');
    const broken = await office.schedule({ jobName: 'tidy', params: '{"rooms":' });
    const timeless = await office.schedule({ jobName: 'tidy', startAfter: 'tomorrow' });
    await office.schedule({ jobName: 'tidy', params: '{}' });
    // As after a deployment without that job: Parse Server refuses to schedule unknown jobs.
    const { body } = await office.hub.rest('POST', '/classes/_JobSchedule', office.master, {
      jobName: 'notDeployed',
      params: '{}',
      startAfter: new Date().toISOString(),
    });
    const scheduler = await start();
    for (let minutes = 0; minutes < 5; minutes += 1) await pass(MINUTE_MS);

    expect(await office.runs('tidy')).toHaveLength(1);
    const warnings = scheduler.warnings.map(({ schedule, problem }) => [schedule, problem]);
    expect(warnings.sort()).toEqual(
      [
        [`row:${broken}`, 'params must be a JSON object'],
        [`row:${timeless}`, 'startAfter must be a date'],
        [`row:${body.objectId}`, 'there is no job notDeployed in this process'],
      ].sort(),
    );
    for (const id of [broken, timeless, body.objectId]) {
      const row = await office.scheduled(id);
      expect(row).not.toHaveProperty('lastRun');
      expect(row.updatedAt).toBe(row.createdAt);
    }

    // After the correction each runs.
    await office.reschedule(broken, { jobName: 'tidy', params: '{}' });
    office.job('notDeployed', () => 'now it is');
    await pass(MINUTE_MS);
    expect(await office.runs('tidy')).toHaveLength(2);
    expect(await office.runs('notDeployed')).toHaveLength(1);
  });
});
