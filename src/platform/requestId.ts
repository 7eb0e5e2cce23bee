import type { IncomingMessage, ServerResponse } from 'node:http';

import { newRequestId } from './ids.js';

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * Express middleware: gives every request an id, the caller's own where it is usable, which appears in Parse Server's
 * log, the hub's and the caller's. Returned as X-Request-Id.
 */
export function giveRequestId(req: IncomingMessage, res: ServerResponse, next: () => void): void {
  const requestId = requestIdOf(req.headers);
  req.headers['x-request-id'] = requestId;
  res.setHeader('X-Request-Id', requestId);
  next();
}

/** Returns the id of a request, or a new one for it. */
export function requestIdOf(headers: Readonly<Record<string, unknown>> | undefined): string {
  const given = headers?.['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newRequestId();
}
