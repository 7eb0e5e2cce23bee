import {
  type Actor,
  type AnyFunction,
  type AppError,
  commonErrors,
} from '../src/contract/index.js';
import { newRequestId } from '../src/platform/ids.js';
import type { Log } from '../src/platform/log.js';
import type { ParseSdk, ParseServerConfig } from '../src/platform/parse/index.js';
import type { Services } from '../src/services.js';
import { callFunction, isDeclared } from './call.js';
import { summaryOf } from './summary.js';

export interface Registration {
  readonly Parse: ParseSdk;
  readonly services: Services;
  readonly log: Log;
  /** Put before each function's name; the host's choice. */
  readonly prefix: string;
}

/** What parse-server 9 hands to a cloud function, as far as it is used; its typings lack `isReadOnly` and `config`. */
interface CloudRequest {
  readonly params: Record<string, unknown>;
  readonly user?: { readonly id: string } | undefined;
  readonly master?: boolean;
  readonly isReadOnly?: boolean;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly ip?: string | undefined;
  readonly config?: ParseServerConfig;
}

/** Makes each function of the manifest callable through Parse. */
export function registerFunctions(
  registration: Registration,
  manifest: readonly AnyFunction<Services>[],
): void {
  const { Parse, prefix } = registration;
  for (const spec of manifest) {
    // One parameter exactly: parse-server takes a handler with two for an Express handler and waits for `res`.
    const handler = (request: CloudRequest) => answer(registration, spec, request);
    (Parse.Cloud as unknown as { define(name: string, run: typeof handler): void }).define(
      prefix + spec.name,
      handler,
    );
  }
}

async function answer(
  { Parse, services, log }: Registration,
  spec: AnyFunction<Services>,
  request: CloudRequest,
): Promise<unknown> {
  silenceParseLog(request);
  const requestId = requestIdOf(request);
  const actor = actorOf(request);
  const startedAt = performance.now();
  const line = {
    function: spec.name,
    requestId,
    ...actorLine(actor),
    ip: request.ip,
    params: summaryOf(request.params),
  };
  const durationMs = () => Math.round(performance.now() - startedAt);
  try {
    const result = await callFunction(services, spec, { params: request.params, actor, requestId });
    log.info({ ...line, outcome: 'ok', durationMs: durationMs() }, 'function.called');
    return result;
  } catch (error) {
    const shown = isDeclared(spec, error)
      ? error
      : commonErrors.Internal({ requestId }, { cause: error });
    logFailure(log, { ...line, durationMs: durationMs() }, shown);
    throw new Parse.Error(shown.spec.code, shown.message);
  }
}

function logFailure(log: Log, line: object, shown: AppError): void {
  const entry = {
    ...line,
    outcome: shown.kind,
    code: shown.spec.code,
    ...(shown.detail && { detail: shown.detail }),
  };
  if (shown.spec.status >= 500) log.error({ ...entry, err: shown.cause }, 'function.failed');
  else log.info(entry, 'function.refused');
}

/**
 * Parse Server logs parameters and results of every function at `info`. The configuration it asks is made anew for each
 * request, so this turns it off for this call and leaves the host's own functions as the host set them.
 */
function silenceParseLog({ config }: CloudRequest): void {
  if (config)
    config.logLevels = {
      ...config.logLevels,
      cloudFunctionSuccess: 'silent',
      cloudFunctionError: 'silent',
    };
}

function actorOf(request: CloudRequest): Actor | undefined {
  if (request.master) return { kind: 'master', readOnly: request.isReadOnly === true };
  return request.user && { kind: 'user', userId: request.user.id };
}

function actorLine(actor: Actor | undefined): Record<string, unknown> {
  if (!actor) return { actor: 'nobody' };
  return actor.kind === 'user'
    ? { actor: 'user', userId: actor.userId }
    : { actor: 'master', readOnly: actor.readOnly };
}

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** The id that `hub.authenticate` gave the request, so that one id names it in every log; else a new one. */
function requestIdOf({ headers }: CloudRequest): string {
  const given = headers?.['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newRequestId();
}
