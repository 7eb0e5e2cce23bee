import type { IncomingMessage, ServerResponse } from 'node:http';

import { problemOfBody, type RequestLimits } from './bodyLimits.js';
import type { Gateway, ParseRequest } from './gateway.js';
import { respondRefused, shownError } from './refusal.js';

export type { RequestLimits } from './bodyLimits.js';

type Check = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/** How much more of a refused body is read, so that the client can read the response; then the connection ends. */
const DISCARDED_BYTES_MAX = 64 * 1024 * 1024;

/** Returns middleware that refuses bodies beyond the limits, and passes on all others as they came. */
export function bodyChecker(
  gateway: () => Gateway | undefined,
  limits: RequestLimits | undefined,
): Check {
  return (req, res, next) => {
    const running = gateway();
    if (!running || !limits) {
      next();
      return;
    }
    problemOfBody(req, limits, running).then(
      (problem) => {
        if (problem === 'gone') return;
        if (!problem) {
          next();
          return;
        }
        respondRefused(
          res,
          shownError(problem, req as ParseRequest, { log: running.log, actor: 'none' }),
        );
        discard(req);
      },
      (error: unknown) => {
        respondRefused(
          res,
          shownError(error, req as ParseRequest, { log: running.log, actor: 'none' }),
        );
      },
    );
  };
}

function discard(req: IncomingMessage): void {
  let bytes = 0;
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARDED_BYTES_MAX) req.destroy();
  });
  req.resume();
}
