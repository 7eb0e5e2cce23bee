import { say } from '../start/say.js';
import { median } from './measure.js';
import { type Callers, startCallers } from './processes.js';
import { signUp } from './signUp.js';
import type { Stage } from './stage.js';
import { printTable } from './table.js';

const CALLERS = 32;
const CALLS = 6_000;
const WARM_UP = 1_500;

export interface KeysResult {
  readonly call: string;
  readonly callsPerSecond: number;
  /** Relative to the same function called with a session token, just before. */
  readonly ratio: number;
  /** CPU time of the server's process for one call. */
  readonly cpuUs: number;
  readonly cpuRatio: number;
}

interface Variant {
  readonly name: string;
  readonly with: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Sample {
  readonly perSecond: number;
  readonly cpuUs: number;
}

/** Measures calls per second over HTTP of an empty function and of one that reads, with a session token and with keys. */
export async function keys(stage: Stage, rounds: number): Promise<KeysResult[]> {
  const variants = await variantsOf(stage);
  const callers = await startCallers();
  const results: KeysResult[] = [];
  for (const name of ['empty', 'getWebhooks']) {
    const samples = new Map<Variant, Sample[]>(
      variants.map((variant) => [{ ...variant, name }, []]),
    );
    for (let round = 0; round <= rounds; round += 1) {
      for (const [variant, measured] of samples) {
        const sample = await callAll(stage, { callers, variant, count: round ? CALLS : WARM_UP });
        if (round > 0) measured.push(sample);
      }
    }
    results.push(...resultsOf([...samples]));
  }
  await callers.close();
  say();
  printTable(
    ['call', 'calls/s', 'of a session’s', 'CPU µs each', 'of a session’s'],
    results.map((each) => [
      each.call,
      each.callsPerSecond.toFixed(0),
      each.ratio.toFixed(2),
      each.cpuUs.toFixed(0),
      each.cpuRatio.toFixed(2),
    ]),
  );
  return results;
}

async function variantsOf(stage: Stage): Promise<Omit<Variant, 'name'>[]> {
  const caller = await signUp(stage);
  const make = async (settings: object) => {
    const request = { name: 'bench', scopes: ['webhooks:read', 'bench:call'], ...settings };
    const { key } = (await caller.call('createApiKey', request)) as { readonly key: string };
    return { 'x-api-key': key };
  };
  const rules = [{ strategy: 'slidingWindow', calls: 10_000_000, perSeconds: 3600 }];
  return [
    { with: 'a session token', headers: caller.headers },
    { with: 'a key', headers: await make({}) },
    {
      with: 'a key that has addresses',
      headers: await make({ addresses: ['127.0.0.0/8', '::1'] }),
    },
    { with: 'a key that has a limit', headers: await make({ limits: { rules } }) },
  ];
}

async function callAll(
  { parseUrl }: Stage,
  {
    callers,
    variant: { name, headers },
    count,
  }: { readonly callers: Callers; readonly variant: Variant; readonly count: number },
): Promise<Sample> {
  const before = process.cpuUsage();
  const calls = { parseUrl, headers, name, params: {}, count, concurrency: CALLERS };
  const { perSecond } = await callers.call(calls);
  const { user, system } = process.cpuUsage(before);
  return { perSecond, cpuUs: (user + system) / count };
}

/** Compares each variant with the first, round by round. */
function resultsOf(variants: readonly (readonly [Variant, readonly Sample[]])[]): KeysResult[] {
  const [[, sessions] = [undefined, []]] = variants;
  const middle = (samples: readonly Sample[], of: (sample: Sample, round: number) => number) =>
    median(samples.map(of));
  return variants.map(([{ name, with: credential }, samples]) => ({
    call: `${name} with ${credential}`,
    callsPerSecond: middle(samples, ({ perSecond }) => perSecond),
    ratio: middle(samples, ({ perSecond }, n) => perSecond / (sessions[n]?.perSecond ?? NaN)),
    cpuUs: middle(samples, ({ cpuUs }) => cpuUs),
    cpuRatio: middle(samples, ({ cpuUs }, n) => cpuUs / (sessions[n]?.cpuUs ?? NaN)),
  }));
}
