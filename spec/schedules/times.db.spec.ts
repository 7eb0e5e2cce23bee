import { openOffice, type Office, type Scheduler, startScheduler } from './scheduler.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let office: Office;
let schedulers: Scheduler[];
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.stop());
beforeEach(() => {
  schedulers = [];
});
afterEach(() => Promise.all(schedulers.map((scheduler) => scheduler.stop())));

async function scheduler(...given: Parameters<typeof startScheduler> extends [unknown, infer O?] ? [O?] : never) {
  const started = await startScheduler(office, given[0]);
  schedulers.push(started);
  return started;
}
