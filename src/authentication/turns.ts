import type { IncomingMessage, ServerResponse } from 'node:http';

import { addressOf, type Gateway, type ParseRequest } from './gateway.js';
import { pathKind } from './ownFunctionPath.js';
import { respondRefused, shownError } from './refusal.js';

/** Headers that name a caller. */
const CREDENTIALS = [
  'x-parse-session-token',
  'x-api-key',
  'authorization',
  'x-parse-master-key',
] as const;
const SESSION_IN_BODY = Buffer.from('"_SessionToken":"');
const CREDENTIAL_LENGTH_MAX = 200;

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/**
 * Turns of callers for the database work that Parse Server, and the hub for keys and tokens, do to identify them: a thousand
 * requests with one session would otherwise hold all connections to the database.
 */
export interface Turns {
  /** Calls `next` when it is the turn of the caller; responds with 429 if there is none in time. */
  enter(exchange: Exchange, credential: string, next: () => void): void;
  /** Ends the turn: the caller is known. */
  end(req: IncomingMessage): void;
}

export function createTurns(gateway: () => Gateway | undefined): Turns {
  const ends = new WeakMap<object, () => void>();
  return {
    enter({ req, res }, credential, next) {
      const running = gateway();
      if (!running || pathKind(req.url ?? '', running.isOwn) === 'host') {
        next();
        return;
      }
      const work = () =>
        new Promise<void>((resolve) => {
          ends.set(req.headers, resolve);
          res.once('close', resolve);
          next();
        });
      running.gate.identify(credential, work).catch((error: unknown) => {
        if (res.headersSent) return;
        respondRefused(
          res,
          shownError(error, req as ParseRequest, { log: running.log, actor: 'none' }),
        );
        req.resume();
      });
    },
    end({ headers }) {
      ends.get(headers)?.();
    },
  };
}

/** Returns what distinguishes the caller of a request before it is known: its credential, otherwise its address. */
export function credentialOf(req: IncomingMessage): string {
  const given = CREDENTIALS.map((name) => req.headers[name]).find((value) => value !== undefined);
  if (given !== undefined) return String(given).slice(0, CREDENTIAL_LENGTH_MAX);
  return sessionInBody(req) ?? addressOf(req);
}

/** Returns the session that the SDK sends in the body, if that was read and put back. */
function sessionInBody(req: IncomingMessage): string | undefined {
  if (!/^text\/plain/i.test(req.headers['content-type'] ?? '')) return undefined;
  const chunks: Buffer[] = [];
  for (let chunk = req.read() as Buffer | null; chunk; chunk = req.read() as Buffer | null)
    chunks.unshift(chunk);
  for (const chunk of chunks) req.unshift(chunk);
  // It is among the last members.
  const end = Buffer.concat(chunks.slice(0, 2).reverse());
  const at = end.lastIndexOf(SESSION_IN_BODY);
  if (at < 0) return undefined;
  const from = at + SESSION_IN_BODY.length;
  return end
    .subarray(from, from + CREDENTIAL_LENGTH_MAX)
    .toString('latin1')
    .split('"', 1)[0];
}
