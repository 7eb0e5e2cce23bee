import type { z } from 'zod';

import type { Services } from '../src/app/services.js';
import { choicesOf, entryOf, isAudited, summaryOf } from '../src/audit/index.js';
import {
  type Actor,
  type AnyFunction,
  type AppError,
  type BearerActor,
  commonErrors,
  type Membership,
} from '../src/contract/index.js';
import type { CallGate } from '../src/platform/callGate/index.js';
import type { Log } from '../src/platform/log.js';
import {
  createParseLogFilter,
  ownHandler,
  type ParseSdk,
  type ParseServerConfig,
  serverConfig,
} from '../src/platform/parse/index.js';
import { requestIdOf } from '../src/platform/requestId.js';
import { type SeenChange, withChangeRecorder } from '../src/platform/rowChanges.js';
import { callFunction, isDeclared } from './call.js';

export interface Registration {
  readonly Parse: ParseSdk;
  readonly services: Services;
  readonly log: Log;
  /** The host's prefix for function names. */
  readonly prefix: string;
  /** Returns the actor of the key or token in the request's headers. */
  bearerOf(headers: object | undefined): BearerActor | undefined;
  /** Called when members or their roles may have changed. */
  onMembersChanged(): void;
  readonly gate: CallGate;
  /** Called with the error of a call that had no turn, so that the HTTP response has its status. */
  onNoTurn(headers: object | undefined, error: AppError): void;
}

/** The used part of what parse-server 9 passes to a cloud function; its typings lack `isReadOnly` and `config`. */
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
  const filterLog = createParseLogFilter(manifest.map(({ name }) => prefix + name));
  filterLog(serverConfig(Parse));
  for (const spec of manifest) {
    // Exactly one parameter: parse-server takes a handler with two for an Express handler and waits for `res`.
    const handler = ownHandler((request: CloudRequest) => {
      filterLog(request.config ?? serverConfig(Parse));
      return handleCall(registration, spec, { ...request, params: takeParams(request) });
    });
    (Parse.Cloud as unknown as { define(name: string, run: typeof handler): void }).define(
      prefix + spec.name,
      handler,
    );
  }
}

/** Removes the parameters from the request, because Parse Server writes the same object to its log. */
function takeParams({ params }: CloudRequest): Record<string, unknown> {
  const taken = { ...params };
  for (const name of Object.keys(params)) Reflect.deleteProperty(params, name);
  return taken;
}

async function handleCall(
  { Parse, services, log, bearerOf, onMembersChanged, gate, onNoTurn }: Registration,
  spec: AnyFunction<Services>,
  request: CloudRequest,
): Promise<unknown> {
  const requestId = requestIdOf(request.headers);
  const actor = bearerOf(request.headers) ?? actorOf(request);
  const startedAt = performance.now();
  const given = declaredParams(spec, request.params);
  const params = summaryOf(given, choicesOf(spec.params as z.ZodType));
  const line = {
    function: spec.name,
    requestId,
    ...actorLine(actor),
    ip: request.ip,
    params,
  };
  const durationMs = () => Math.round(performance.now() - startedAt);
  let organization: Membership | undefined;
  const onAdmitted = (membership: Membership) => {
    organization = membership;
  };
  /** Filled while the call runs. The entry is written before the response is sent, and never replaces it. */
  const seen: SeenChange[] = [];
  const audit = async (ended: { result?: unknown; error?: AppError }) => {
    if (!isAudited(spec, { error: ended.error, seen })) return;
    const organizationId = organization?.organizationId;
    const call = { ...ended, actor, organizationId, given, params, requestId, seen };
    await services.audit.record(entryOf(spec, { ...call, ...clientInfoOf(request) }));
  };
  try {
    const call = { params: request.params, actor, requestId, onAdmitted, gate };
    const result = await withChangeRecorder(seen, () => callFunction(services, spec, call)).finally(
      () => {
        if (seen.some(isAboutMembers)) onMembersChanged();
      },
    );
    await audit({ result });
    log.info({ ...line, outcome: 'ok', durationMs: durationMs() }, 'function.called');
    return result;
  } catch (error) {
    const shown = isDeclared(spec, error)
      ? error
      : commonErrors.Internal({ requestId }, { cause: error });
    await audit({ error: shown });
    if (NO_TURN.includes(shown.spec)) onNoTurn(request.headers, shown);
    logFailure(log, { ...line, durationMs: durationMs() }, shown);
    throw new Parse.Error(shown.spec.code, shown.message);
  }
}

/** Errors of calls that waited for a turn in vain. */
const NO_TURN: readonly unknown[] = [
  commonErrors.TooManyCalls.spec,
  commonErrors.EvaluationBusy.spec,
];

/** Whether a change is one of who is a member of what. See src/organizations/store.ts. */
function isAboutMembers({ cls: { name } }: SeenChange): boolean {
  return name === 'Membership' || name === 'Organization';
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

/** Returns the declared parameters. Undeclared names are not logged, because a secret may have been passed as a name. */
function declaredParams(
  { params }: AnyFunction<Services>,
  given: CloudRequest['params'],
): CloudRequest['params'] {
  const names = (params as { shape: Readonly<Record<string, unknown>> }).shape;
  const entries = Object.entries(given);
  const known = entries.filter(([name]) => Object.hasOwn(names, name));
  const unknown = entries.length - known.length;
  return { ...Object.fromEntries(known), ...(unknown > 0 && { '(undeclared)': unknown }) };
}

function actorOf(request: CloudRequest): Actor | undefined {
  if (request.master) return { kind: 'master', readOnly: request.isReadOnly === true };
  return request.user && { kind: 'user', userId: request.user.id };
}

function clientInfoOf({ ip, headers }: CloudRequest) {
  const agent = headers?.['user-agent'];
  return { address: ip, agent: typeof agent === 'string' ? agent : undefined };
}

function actorLine(actor: Actor | undefined): Record<string, unknown> {
  if (!actor) return { actor: 'anonymous' };
  if (actor.kind === 'master') return { actor: 'master', readOnly: actor.readOnly };
  const { kind } = actor;
  if (kind === 'user') return { actor: kind, userId: actor.userId };
  return kind === 'apiKey'
    ? { actor: kind, apiKeyId: actor.apiKeyId, userId: actor.ownerId }
    : { actor: kind, oauthAppId: actor.appId, userId: actor.ownerId };
}
