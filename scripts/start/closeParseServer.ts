import type { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

interface Adapter {
  handleShutdown?(): unknown;
  /** pg-promise, where the database is PostgreSQL. */
  readonly _client?: {
    readonly $pool?: EventEmitter & { readonly totalCount: number };
    any(text: string): Promise<Record<string, unknown>[]>;
  };
}

/** The members used of a ParseServer that was not started by `startApp`. */
export interface ClosableParseServer {
  readonly config?: {
    readonly databaseController: { readonly adapter: Adapter };
    readonly cacheController: { readonly adapter: Adapter };
  };
}

const SESSIONS_END_WITHIN_MS = 3_000;

/**
 * Closes the connections to database and cache. Parse Server's own `handleShutdown` first closes a listener that only
 * `startApp` creates, and throws without it.
 */
export async function closeParseServer({ config }: ClosableParseServer): Promise<void> {
  if (config === undefined) return;
  const { adapter } = config.databaseController;
  const ended = sessionsEnd(adapter);
  await adapter.handleShutdown?.();
  await config.cacheController.adapter.handleShutdown?.();
  await ended;
}

/**
 * Waits until the pool's sessions have ended: the pool forgets them before that. If the database then ends one, its error has
 * no listener and ends the process.
 */
async function sessionsEnd({ _client }: Adapter): Promise<void> {
  const pool = _client?.$pool;
  if (pool === undefined || pool.totalCount === 0) return;
  let left = pool.totalCount;
  const gone = new Promise<void>((resolve) => {
    pool.on('remove', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
  await Promise.race([gone, wait(SESSIONS_END_WITHIN_MS, undefined, { ref: false })]);
}
