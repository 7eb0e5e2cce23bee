import type { ServerResponse } from 'node:http';

import type { AdvertisedLimit } from '../apiKeys/index.js';
import { type AuditEntry, isRefusal, SEVERAL, whoCalled } from '../audit/index.js';
import { AppError, type BearerActor, commonErrors } from '../contract/index.js';
import type { Log } from '../platform/log.js';
import { requestIdOf } from '../platform/requestId.js';
import type { Gateway, ParseRequest } from './gateway.js';
import { exposeHeaders } from './parseResponses.js';
import { setRateLimitHeaders } from './rateLimitHeaders.js';

/** A key or a token that was refused, or refused what it requested. */
interface RefusedBearer {
  readonly error: unknown;
  /** The caller, where that was already known. */
  readonly actor: BearerActor | undefined;
  /** What was requested, by the names under which usage is counted. */
  readonly calls: readonly string[];
}

/**
 * Records a refusal in the audit log: of the organization of the key, or of the hub when the credential is unknown. After the
 * first in a minute, refusals of one key, and those of all unknown credentials, are only counted. Never rejects: the request
 * is refused in any case.
 */
export async function recordRefusal(
  { services, log }: Pick<Gateway, 'services' | 'log'>,
  { headers, ip }: ParseRequest,
  { error, actor, calls }: RefusedBearer,
): Promise<void> {
  if (!(error instanceof AppError) || !isRefusal(error)) return;
  const { kind, spec, detail } = error;
  const known = actor ?? (detail?.['bearer'] as BearerActor | undefined);
  const [name = SEVERAL] = new Set(calls).size === 1 ? calls : [];
  const entry: AuditEntry = {
    organizationId: known?.organizationId,
    function: name,
    ...whoCalled(known),
    outcome: 'refused',
    error: kind,
    code: spec.code,
    rows: {},
    params: {},
    address: ip,
    agent: headers['user-agent'],
    requestId: requestIdOf(headers),
  };
  try {
    await services.audit.record(entry, true);
  } catch (cause) {
    log.error({ requestId: entry.requestId, err: cause }, 'request.refusalNotRecorded');
  }
}

/** Returns an error as the caller sees it, and writes it to the log. */
export function shownError(
  error: unknown,
  { headers, ip }: ParseRequest,
  { log, actor }: { readonly log: Log | undefined; readonly actor: 'bearer' | 'none' },
): AppError {
  const requestId = requestIdOf(headers);
  if (error instanceof AppError) {
    const { kind: outcome, spec } = error;
    log?.info({ requestId, ip, actor, outcome, code: spec.code }, 'request.refused');
    return error;
  }
  log?.error({ requestId, ip, err: error }, 'request.failed');
  return commonErrors.Internal({ requestId });
}

/** Responds with an error in Parse Server's form, but with the status of the error, and with the challenge of a 401 or 403. */
export function respondRefused(
  res: ServerResponse,
  { spec, message, detail }: AppError,
  challenge?: string,
): void {
  const retryAfter = detail?.['retryAfterSeconds'];
  if (typeof retryAfter === 'number') {
    res.setHeader('Retry-After', retryAfter);
    exposeHeaders(res, ['Retry-After']);
  }
  setRateLimitHeaders(res, (detail?.['limits'] as readonly AdvertisedLimit[] | undefined) ?? []);
  if (challenge !== undefined) setChallenge(res, challenge);
  res.writeHead(spec.status, { 'Content-Type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify({ code: spec.code, error: message }));
}

/** Sets `WWW-Authenticate`, also for pages of other origins: https://fetch.spec.whatwg.org/#http-access-control-expose-headers */
export function setChallenge(res: ServerResponse, challenge: string): void {
  exposeHeaders(res, ['WWW-Authenticate']);
  res.setHeader('WWW-Authenticate', challenge);
}
