import { say } from '../start/say.js';
import { median } from './measure.js';
import { type Callers, startCallers } from './processes.js';
import { type Caller, signUp } from './signUp.js';
import type { Stage } from './stage.js';
import { printTable } from './table.js';

const CALLERS = 64;
const CALLS = 5_000;
const WARM_UP = 1_000;
const EVENTS_A_CALL = 100;
const CALLS_OF_MANY = 200;
const EVENT = { type: 'load.0', data: { id: 1, name: 'x'.repeat(500) } };

export interface PublishResult {
  readonly call: string;
  readonly callsPerSecond: number;
  readonly eventsPerSecond: number;
  /** Calls per second relative to the empty function, measured just before. */
  readonly ratio: number;
  /** CPU time of the server's process for one event, or for one call of the empty function. */
  readonly cpuUs: number;
}

interface Measurement {
  readonly call: string;
  readonly name: string;
  readonly params: unknown;
  readonly count: number;
  readonly events: number;
}

/** Measures calls per second over HTTP, 64 at once, of an empty function and of those that publish. */
export async function publish(stage: Stage, rounds: number): Promise<PublishResult[]> {
  const caller = await startPublisher(stage);
  const callers = await startCallers();
  const { organizationId } = caller;
  const measurements: readonly Measurement[] = [
    { call: 'empty', name: 'empty', params: {}, count: CALLS, events: 0 },
    {
      call: 'publishEvent',
      name: 'publishEvent',
      params: { organizationId, ...EVENT },
      count: CALLS,
      events: 1,
    },
    {
      call: `publishEvents of ${String(EVENTS_A_CALL)}`,
      name: 'publishEvents',
      params: { organizationId, events: Array.from({ length: EVENTS_A_CALL }, () => EVENT) },
      count: CALLS_OF_MANY,
      events: EVENTS_A_CALL,
    },
  ];
  const measured = measurements.map((measurement) => ({
    ...measurement,
    perSecond: [] as number[],
    cpuUs: [] as number[],
  }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const each of measured) {
      const isWarmUp = round === 0;
      const count = isWarmUp ? Math.min(each.count, WARM_UP) : each.count;
      const { perSecond, cpuUs } = await callAll(stage, { callers, caller, each, count });
      if (isWarmUp) continue;
      each.perSecond.push(perSecond);
      each.cpuUs.push(cpuUs / Math.max(1, each.events));
    }
  }
  await callers.close();
  return report(measured);
}

async function callAll(
  { parseUrl }: Stage,
  {
    callers,
    caller,
    each,
    count,
  }: { callers: Callers; caller: Caller; each: Measurement; count: number },
): Promise<{ perSecond: number; cpuUs: number }> {
  const cpuBefore = process.cpuUsage();
  const { perSecond } = await callers.call({
    parseUrl,
    headers: caller.headers,
    name: each.name,
    params: each.params,
    count,
    concurrency: CALLERS,
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond, cpuUs: (user + system) / count };
}

function report(
  measured: readonly (Measurement & {
    readonly perSecond: readonly number[];
    readonly cpuUs: readonly number[];
  })[],
): PublishResult[] {
  const empty = measured[0]?.perSecond ?? [];
  const results = measured.map(({ call, events, perSecond, cpuUs }) => ({
    call,
    callsPerSecond: median(perSecond),
    eventsPerSecond: median(perSecond) * events,
    ratio: median(perSecond.map((calls, round) => calls / (empty[round] ?? NaN))),
    cpuUs: median(cpuUs),
  }));
  say();
  printTable(
    ['call', 'calls/s', 'events/s', 'of the empty one', 'CPU µs each'],
    results.map((result) => [
      result.call,
      result.callsPerSecond.toFixed(0),
      result.eventsPerSecond.toFixed(0),
      result.ratio.toFixed(2),
      result.cpuUs.toFixed(0),
    ]),
  );
  return results;
}

/** Signs up a user with an organization and one webhook that receives the events. */
async function startPublisher(stage: Stage): Promise<Caller> {
  const caller = await signUp(stage);
  await caller.call('createWebhook', { name: 'sink', url: stage.sinkUrl, events: ['load.*'] });
  return caller;
}
