import type { Clock } from '../../platform/clock.js';
import type { Log } from '../../platform/log.js';
import type { ApiKeyRow, ApiKeyStore, ApiKeyUsageRow } from '../store.js';

/** One call with a key, or the calls of a batch. */
interface Use {
  /** The functions that were called, each as often as it was called. */
  readonly functions: readonly string[];
  /** Whether a limit refused the calls. */
  readonly isLimited: boolean;
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
}

interface UsageTally {
  readonly calls: number;
  readonly limited: number;
}
export type UsageTallies = Readonly<Record<string, UsageTally>>;

/** Counts the usage of keys in memory and writes it into rows every few seconds. */
export interface UsageCounter {
  record(row: ApiKeyRow, use: Use): void;
  /** Writes the usage counted so far. */
  flush(): Promise<void>;
}

const FLUSH_EVERY_MS = 5_000;
/** The number of functions counted separately on one day; further ones are summed up as `(others)`. */
const FUNCTIONS_MAX = 200;
export const OTHER_FUNCTIONS = '(others)';
const AGENT_LENGTH_MAX = 200;
const NAME_LENGTH_MAX = 100;

interface Counted {
  readonly apiKey: string;
  readonly organization: string;
  readonly day: Date;
  tallies: UsageTallies;
}
type KeyOf = Pick<ApiKeyRow, 'id' | 'organization'>;
type LastUse = Pick<ApiKeyRow, 'lastUsedAt' | 'lastUsedFrom' | 'lastUsedBy'>;

interface UsageDeps {
  readonly store: ApiKeyStore;
  readonly clock: Clock;
  readonly log: Log;
  readersOf(organizationId: string): readonly string[];
}

export function createUsageCounter(deps: UsageDeps): UsageCounter {
  let counted = new Map<string, Counted>();
  let lastUses = new Map<string, LastUse>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function logFailure(error: unknown): void {
    deps.log.error({ err: error }, 'apiKeys.usageNotWritten');
  }
  function add({ id, organization }: KeyOf, day: Date, tallies: UsageTallies): void {
    const key = `${id}:${String(day.getTime())}`;
    const known = counted.get(key);
    if (known) known.tallies = addTallies(known.tallies, tallies);
    else counted.set(key, { apiKey: id, organization, day, tallies });
  }

  async function write(): Promise<void> {
    const [days, uses] = [[...counted.values()], [...lastUses]];
    counted = new Map();
    lastUses = new Map();
    for (const each of days) {
      await writeDay(deps, each).catch((error: unknown) => {
        // The next flush writes it again.
        add({ id: each.apiKey, organization: each.organization }, each.day, each.tallies);
        logFailure(error);
      });
    }
    for (const [id, use] of uses) await deps.store.recordUse(id, use);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    // Flushes run one after the other, so waiting for one waits for all before it.
    writing = writing.then(write).catch(logFailure);
    return writing;
  }

  return {
    record(row, { functions, isLimited, address, agent }) {
      const now = deps.clock.now();
      add(row, startOfDay(now), talliesOf(functions, isLimited));
      if (!isLimited) {
        const lastUsedBy = agent?.slice(0, AGENT_LENGTH_MAX);
        lastUses.set(row.id, { lastUsedAt: now, lastUsedFrom: address, lastUsedBy });
      }
      timer ??= setTimeout(() => void flush(), FLUSH_EVERY_MS).unref();
    },
    flush,
  };
}

/** Returns the start of the UTC day of a time. */
export function startOfDay(time: Date): Date {
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()));
}

export function readTallies({ functions }: ApiKeyUsageRow): UsageTallies {
  return JSON.parse(functions) as UsageTallies;
}

/** Returns the sums of both. Names beyond the maximum are summed up as `(others)`. */
export function addTallies(one: UsageTallies, other: UsageTallies): UsageTallies {
  const sums = new Map(Object.entries(one));
  for (const [given, { calls, limited }] of Object.entries(other)) {
    const name = sums.has(given) || sums.size < FUNCTIONS_MAX ? given : OTHER_FUNCTIONS;
    const known = sums.get(name) ?? { calls: 0, limited: 0 };
    sums.set(name, { calls: known.calls + calls, limited: known.limited + limited });
  }
  return Object.fromEntries(sums);
}

function talliesOf(functions: readonly string[], isLimited: boolean): UsageTallies {
  return functions
    .map((name) => ({
      [name.slice(0, NAME_LENGTH_MAX)]: { calls: isLimited ? 0 : 1, limited: isLimited ? 1 : 0 },
    }))
    .reduce<UsageTallies>(addTallies, {});
}

async function writeDay(deps: UsageDeps, { tallies, ...of }: Counted): Promise<void> {
  const { store, clock, readersOf } = deps;
  const { apiKey, organization, day } = of;
  for (;;) {
    const row = await store.loadDay(apiKey, day);
    const sums = addTallies(row ? readTallies(row) : {}, tallies);
    const set = { ...totalOf(sums), functions: JSON.stringify(sums) };
    const readers = readersOf(organization);
    const isWritten = row
      ? await store.changeDay(row, set)
      : await store.insertDay({ ...of, ...set, revision: 0, readers, createdAt: clock.now() });
    if (isWritten) return;
  }
}

function totalOf(tallies: UsageTallies): UsageTally {
  const all = Object.values(tallies);
  return {
    calls: all.reduce((sum, { calls }) => sum + calls, 0),
    limited: all.reduce((sum, { limited }) => sum + limited, 0),
  };
}
