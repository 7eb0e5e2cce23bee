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
import type { Log } from '../src/platform/log.js';
import { ownHandler, type ParseSdk, type ParseServerConfig } from '../src/platform/parse/index.js';
import { requestIdOf } from '../src/platform/requestId.js';
import { type SeenChange, withChangeRecorder } from '../src/platform/rowChanges.js';
import { callFunction, isDeclared } from './call.js';

export interface Registration {
  readonly Parse: ParseSdk;
  readonly services: Services;
  readonly log: Log;
  /** Put before each function's name; the host's choice. */
  readonly prefix: string;
  /** Who came with a key or a token, by the headers of the request. */
  bearerOf(headers: object | undefined): BearerActor | undefined;
  /** Who belongs to an organization, or as what, may have changed. */
  onMembersChanged(): void;
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
    const handler = ownHandler((request: CloudRequest) =>
      withoutLogging(request, handleCall(registration, spec, request)),
    );
    (Parse.Cloud as unknown as { define(name: string, run: typeof handler): void }).define(
      prefix + spec.name,
      handler,
    );
  }
}

async function handleCall(
  { Parse, services, log, bearerOf, onMembersChanged: membersChanged }: Registration,
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
  /** Before the answer is given, and never instead of it. */
  const seen: SeenChange[] = [];
  const audit = async (ended: { result?: unknown; error?: AppError }) => {
    if (!isAudited(spec, { error: ended.error, seen })) return;
    const organizationId = organization?.organizationId;
    const call = { ...ended, actor, organizationId, given, params, requestId, seen };
    await services.audit.record(entryOf(spec, { ...call, ...clientInfoOf(request) }));
  };
  try {
    const call = { params: request.params, actor, requestId, onAdmitted };
    const result = await withChangeRecorder(seen, () => callFunction(services, spec, call));
    if (isAboutMembers(spec)) membersChanged();
    await audit({ result });
    log.info({ ...line, outcome: 'ok', durationMs: durationMs() }, 'function.called');
    return result;
  } catch (error) {
    const shown = isDeclared(spec, error)
      ? error
      : commonErrors.Internal({ requestId }, { cause: error });
    await audit({ error: shown });
    logFailure(log, { ...line, durationMs: durationMs() }, shown);
    throw new Parse.Error(shown.spec.code, shown.message);
  }
}

/** Those that only read are taken along. */
function isAboutMembers({ access }: AnyFunction<Services>): boolean {
  return access.kind === 'permission' && access.permission.startsWith('members:');
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
 * Parse Server logs parameters and results of every function at `info`, by the levels that the configuration of the
 * request names. The functions of one /batch share it, so it is changed for no longer than the one reaction to this
 * answer, in which Parse Server decides: of three microtasks queued in one go, the second.
 */
function withoutLogging(
  { config }: CloudRequest,
  handling: Promise<unknown>,
): PromiseLike<unknown> {
  if (!config) return handling;
  const levels = config.logLevels ?? {};
  const set = (given: typeof levels) => () => {
    config.logLevels = given;
  };
  const silence = set({ ...levels, cloudFunctionSuccess: 'silent', cloudFunctionError: 'silent' });
  const quietly = (settle: (outcome: unknown) => void) => (outcome: unknown) => {
    queueMicrotask(silence);
    settle(outcome);
    queueMicrotask(set(levels));
  };
  // Not a promise: whoever waits for one hears of it some microtasks after it was settled.
  const then = (resolve: (result: unknown) => void, reject: (error: unknown) => void) =>
    void handling.then(quietly(resolve), quietly(reject));
  return { then } as unknown as PromiseLike<unknown>;
}

/** A secret may have been put where a name belongs: what the function does not declare is not named in the log. */
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
