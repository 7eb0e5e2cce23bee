import { once } from 'node:events';

import type { ParseSdk } from '../../src/platform/parse/index.js';
import { type Json, master, startHub } from '../support/hub.js';

it('a running hub runs the jobs that Dashboard schedules, and its stop waits for the run', async () => {
  const finish = new AbortController();
  const starting = new AbortController();
  const started = once(starting.signal, 'abort');
  const hub = await startHub({
    loops: true,
    host: {
      cloud: (Parse: ParseSdk) => {
        Parse.Cloud.job('tidy', async ({ params, message }) => {
          starting.abort();
          if (!finish.signal.aborted) await once(finish.signal, 'abort');
          message(`tidied ${String(params['rooms'])} rooms`);
        });
      },
    },
  });
  const { body } = await hub.rest('POST', '/cloud_code/jobs', master, {
    job_schedule: { jobName: 'tidy', params: '{"rooms":2}', daysOfWeek: [1, 1, 1, 1, 1, 1, 1] },
  });
  hub.clock.advance(60_000);
  await started;
  let schedule: Json;
  do {
    schedule = (await hub.rest('GET', `/classes/_JobSchedule/${body.objectId}`, master)).body;
  } while (schedule.lastRun === undefined);

  const stopped = hub.app.stop();
  finish.abort();
  await stopped;
  const runs = await hub.rest('GET', '/classes/_JobStatus', master);
  expect(runs.body.results).toEqual([
    expect.objectContaining({
      jobName: 'tidy',
      status: 'succeeded',
      message: 'tidied 2 rooms',
    }),
  ]);
  const where = encodeURIComponent(JSON.stringify({ holder: { $exists: true } }));
  const held = await hub.rest('GET', `/classes/HubLane?where=${where}`, master);
  expect(held.body.results).toEqual([]);
  await hub.stop();
});
