import type { Database } from '../platform/database/index.js';

/** The status of one thing that the hub needs, as load balancers see it. */
type HealthCheck =
  | { readonly status: 'ok' }
  /** The host has configured that it does not run in this process. */
  | { readonly status: 'off' }
  | { readonly status: 'failing'; readonly reason: string };

/** Whether this process can do its work now, with the checks that decide it. */
export interface Readiness {
  readonly status: 'ok' | 'failing';
  readonly checks: {
    /** The hub's classes and indexes exist, and Parse Server has started. */
    readonly installation: HealthCheck;
    /** The database responds within two seconds. */
    readonly database: HealthCheck;
    /** This process runs deliveries and schedules. */
    readonly loops: HealthCheck;
  };
}

export interface HealthDeps {
  readonly database: Pick<Database, 'now'>;
  /** `undefined`: the host runs no loops in this process. */
  readonly loop: { isAlive(): boolean } | undefined;
}

/** Checks the readiness of a hub whose Parse Server has started: see `Readiness`. */
export interface Health {
  check(hub: { readonly isStarted: boolean }): Promise<Readiness>;
}

const DATABASE_MS_MAX = 2_000;
const OK = { status: 'ok' } as const;

export function createHealth({ database, loop }: HealthDeps): Health {
  // Concurrent checks share one query: a database that hangs must not fill up with the hub's queries.
  let pending: Promise<HealthCheck> | undefined;
  const query = () =>
    (pending ??= checkDatabase(database).finally(() => {
      pending = undefined;
    }));

  return {
    async check({ isStarted }) {
      const check = await withinMs(query(), DATABASE_MS_MAX);
      return readiness({
        installation: OK,
        database: check ?? failing('The database did not respond within two seconds.'),
        loops: isStarted ? loopCheck(loop) : failing('The hub is not running: await hub.start().'),
      });
    },
  };
}

/** Returns the readiness before Parse Server has started with the hub. */
export function notInstalled(): Readiness {
  const reason = 'Parse Server has not started with the hub: await server.start().';
  const waiting = failing('Parse Server has not started with the hub.');
  return readiness({ installation: failing(reason), database: waiting, loops: waiting });
}

function readiness(checks: Readiness['checks']): Readiness {
  const isFailing = Object.values(checks).some(({ status }) => status === 'failing');
  return { status: isFailing ? 'failing' : 'ok', checks };
}

function loopCheck(loop: HealthDeps['loop']): HealthCheck {
  if (loop === undefined) return { status: 'off' };
  return loop.isAlive() ? OK : failing('The loops have not looked for work for 30 seconds.');
}

/** Queries the database. The reason omits the error, because any caller can read it; the database client logs it. */
async function checkDatabase(database: Pick<Database, 'now'>): Promise<HealthCheck> {
  try {
    await database.now();
    return OK;
  } catch {
    return failing('The database does not respond.');
  }
}

function failing(reason: string): HealthCheck {
  return { status: 'failing', reason };
}

async function withinMs<Value>(value: Promise<Value>, ms: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
