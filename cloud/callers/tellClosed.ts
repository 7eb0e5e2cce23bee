import type { AppError, BearerActor } from '../../src/contract/index.js';
import { actorOf } from '../auditEntry.js';
import { requestIdOf } from '../requestId.js';
import type { ParseRequest } from './bearer.js';
import type { Door } from './door.js';

/** What was closed to whom. */
export interface Refusal {
  readonly req: ParseRequest;
  readonly actor: BearerActor;
  /** By a name of ours: a function, or `<Class>.<verb>`. */
  readonly name: string;
  readonly error: AppError;
}

/** One entry in the trail of the organisation, as for a function of the hub’s that was refused. Never fails the request. */
export async function tellClosed(
  { services: { audit }, log }: Door,
  { req, actor, name, error }: Refusal,
): Promise<void> {
  const { organizationId } = actor;
  const requestId = requestIdOf(req.headers);
  const { kind, spec } = error;
  try {
    await audit.record({
      ...{ organizationId, function: name, ...actorOf(actor) },
      ...{ outcome: 'refused', error: kind, code: spec.code, rows: {}, params: {} },
      ...{ address: req.ip, agent: req.headers['user-agent'], requestId },
    });
  } catch (cause) {
    log.error({ requestId, err: cause }, 'request.refusalNotRecorded');
  }
}
