import type { ServerResponse } from 'node:http';

import { AppError, commonErrors } from '../contract/index.js';
import type { Log } from '../platform/log.js';
import { requestIdOf } from '../platform/requestId.js';
import type { ParseRequest } from './bearer.js';

/** An error as the caller sees it, with a line in the log. */
export function shownOf(
  error: unknown,
  { headers, ip }: ParseRequest,
  log: Log | undefined,
): AppError {
  const requestId = requestIdOf(headers);
  if (error instanceof AppError) {
    const { kind: outcome, spec } = error;
    log?.info({ requestId, ip, actor: 'bearer', outcome, code: spec.code }, 'request.refused');
    return error;
  }
  log?.error({ requestId, ip, err: error }, 'request.failed');
  return commonErrors.Internal({ requestId });
}

/** As Parse Server answers, but for the status: this is no function’s error. */
export function refuse(res: ServerResponse, { spec, message, detail }: AppError): void {
  const retryAfter = detail?.['retryAfterSeconds'];
  if (typeof retryAfter === 'number') res.setHeader('Retry-After', retryAfter);
  // https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
  if (spec.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  res.writeHead(spec.status, { 'Content-Type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify({ code: spec.code, error: message }));
}
