import type { Database } from '../platform/database/index.js';

/** What a load balancer is told of one thing that the hub needs. */
type HealthCheck =
  | { readonly status: 'ok' }
  /** By the host's choice it does not run in this process. */
  | { readonly status: 'off' }
  | { readonly status: 'failing'; readonly reason: string };

/** Whether this process can do its work now, and each thing that this rests on. */
export interface Readiness {
  readonly status: 'ok' | 'failing';
  readonly checks: {
    /** The hub's classes and indexes are there, and Parse Server has started. */
    readonly installation: HealthCheck;
    /** It answers within two seconds. */
    readonly database: HealthCheck;
    /** Deliveries and schedules of this process. */
    readonly loops: HealthCheck;
  };
}

export interface HealthDeps {
  readonly database: Pick<Database, 'now'>;
  /** `undefined`: the host runs none in this process. */
  readonly loop: { isAlive(): boolean } | undefined;
}

/** Of a hub whose Parse Server has started: see `Readiness`. */
export interface Health {
  check(hub: { readonly isStarted: boolean }): Promise<Readiness>;
}

const DATABASE_MS_MAX = 2_000;
const OK = { status: 'ok' } as const;

export function createHealth({ database, loop }: HealthDeps): Health {
  // However many ask, one question is under way: a database that hangs must not fill up with ours.
  let asking: Promise<HealthCheck> | undefined;
  const ask = () =>
    (asking ??= answerOf(database).finally(() => {
      asking = undefined;
    }));

  return {
    async check({ isStarted }) {
      const answer = await withinMs(ask(), DATABASE_MS_MAX);
      return readiness({
        installation: OK,
        database: answer ?? failing('It has not answered for two seconds.'),
        loops: isStarted ? loopCheck(loop) : failing('The hub does not run: await hub.start().'),
      });
    },
  };
}

/** Before Parse Server has started with the hub. */
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
  return loop.isAlive() ? OK : failing('They have not looked for work for 30 seconds.');
}

/** Nothing of the error: anybody may ask, and the log of whoever asks the database has it. */
async function answerOf(database: Pick<Database, 'now'>): Promise<HealthCheck> {
  try {
    await database.now();
    return OK;
  } catch {
    return failing('It does not answer.');
  }
}

function failing(reason: string): HealthCheck {
  return { status: 'failing', reason };
}

async function withinMs<Answer>(answer: Promise<Answer>, ms: number): Promise<Answer | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
