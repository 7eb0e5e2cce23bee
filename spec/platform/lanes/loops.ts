import type { Database, LaneId } from '../../../src/platform/database/index.js';
import {
  type HeldLane,
  LaneLoop,
  type LaneLoopOptions,
  type LaneOutcome,
  type LaneWorker,
} from '../../../src/platform/lanes/index.js';
import { createLog } from '../../../src/platform/log.js';
import { useWorld, type World } from '../database/world.js';

export const HOLD_MS = 60_000;
export const NEVER_MS = 3_600_000;

/** Shared by the specs of the loop: a world, loops that are stopped after each spec, and lanes of a separate kind. */
export interface LoopWorld extends World {
  /** A loop that looks again only when it is woken, and never prolongs, unless `options` say otherwise. */
  loopOf(
    workers: Readonly<Record<string, LaneWorker>>,
    options?: Partial<LaneLoopOptions>,
  ): LaneLoop;
  /** Due lanes of a kind that no other spec has, with the keys key0, key1, … */
  dueLanes(count: number): Promise<{ kind: string; lanes: LaneId[] }>;
  heldLanes(): Promise<unknown[]>;
  /** The database of the world, with some calls of it made slower, seen, or broken. */
  databaseWith(change: (database: Database) => Partial<Database>): Database;
}

/** Call at the top of a spec file. After each of its specs no lane may be left held. */
export function useLoops(): LoopWorld {
  const world = useWorld();
  const loops: LaneLoop[] = [];
  let kinds = 0;

  async function heldLanes() {
    const rows = await world.server.controller.find('HubLane', {}, { limit: 10_000 });
    return rows.filter((row) => row['holder'] !== undefined || row['heldUntil'] !== undefined);
  }

  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop()));
    expect(await heldLanes()).toEqual([]);
  });

  return Object.assign(world, {
    heldLanes,
    loopOf(workers: Readonly<Record<string, LaneWorker>>, options?: Partial<LaneLoopOptions>) {
      const { db: database, clock } = world;
      const defaults = { pollMs: NEVER_MS, prolongMs: NEVER_MS, drainMs: NEVER_MS };
      const log = createLog('silent');
      const loop = new LaneLoop({ database, clock, log, workers, ...defaults, ...options });
      loops.push(loop);
      return loop;
    },
    async dueLanes(count: number) {
      kinds += 1;
      const kind = `kind${String(kinds)}`;
      const lanes = Array.from({ length: count }, (_, at) => ({ kind, key: `key${String(at)}` }));
      await world.db.wake(lanes);
      return { kind, lanes };
    },
    databaseWith: (change: (database: Database) => Partial<Database>) => ({
      ...world.db,
      ...change(world.db),
    }),
  });
}

export interface Signal {
  readonly fired: Promise<void>;
  fire(): void;
}

export function signal(): Signal {
  let fire: () => void = () => undefined;
  const fired = new Promise<void>((resolve) => (fire = resolve));
  return { fired, fire: () => fire() };
}

/** Counts as it works how many lanes are in work at once, and how often each was. */
export function countingWorker(during: () => Promise<unknown>) {
  const seen = { now: 0, max: 0, times: new Map<string, number>() };
  const worker = async ({ key }: HeldLane): Promise<LaneOutcome> => {
    seen.now += 1;
    seen.max = Math.max(seen.max, seen.now);
    seen.times.set(key, (seen.times.get(key) ?? 0) + 1);
    await during();
    seen.now -= 1;
    return {};
  };
  return { seen, worker };
}
