import type { AuditEntry } from '../audit/index.js';
import { isRefusal, SEVERAL, whoCalled } from '../audit/index.js';
import { AppError, type BearerActor } from '../contract/index.js';
import { requestIdOf } from '../platform/requestId.js';
import type { ParseRequest } from './bearer.js';
import type { Door } from './gateway.js';

/** A key or a token that was not let in, or not to what it asked for. */
export interface RefusedBearer {
  readonly error: unknown;
  /** Who came, where that was clear already. */
  readonly actor: BearerActor | undefined;
  /** What was asked for, by names of ours. */
  readonly calls: readonly string[];
}

/**
 * Tells of a refusal at the door: the organization whose key it is, and of what nobody knows the hub's own chain. Refusals of
 * one key, and of all that is unknown, are counted beyond the first of a minute. Never fails: the request is refused anyhow.
 */
export async function tellRefusal(
  { services, log }: Door,
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
