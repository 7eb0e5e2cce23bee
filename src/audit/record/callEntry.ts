import type { z } from 'zod';

import { type Actor, type AnyFunction, type AppError, commonErrors } from '../../contract/index.js';
import type { SeenChange } from '../../platform/rowChanges.js';
import type { AuditEntry } from './entry.js';
import { imagesOf, isNotable } from './images.js';
import { choicesOf, flatten, ID, summaryOf } from './redact.js';

/** A finished call. */
export interface CompletedCall {
  readonly result?: unknown;
  /** The error as the caller sees it; absent when there is a result. */
  readonly error?: AppError;
  readonly actor: Actor | undefined;
  /** The organization that the call acted in, also when it was refused to a member. */
  readonly organizationId: string | undefined;
  /** The parameters that the function declares. */
  readonly given: Readonly<Record<string, unknown>>;
  /** The rows that it changed. */
  readonly seen: readonly SeenChange[];
  /** The parts of them that may be kept. */
  readonly params: AuditEntry['params'];
  readonly requestId: string;
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
}

/** Errors of requests that were not understood, so that nothing was attempted. */
const NOT_UNDERSTOOD: readonly unknown[] = [
  commonErrors.InvalidParameters.spec,
  commonErrors.InvalidCursor.spec,
  commonErrors.OrganizationRequired.spec,
  // It never began, and an entry for each would be work on behalf of a caller who has too much already.
  commonErrors.TooManyCalls.spec,
];
/** Not signed in, not permitted, not found for this caller. */
const REFUSED: readonly number[] = [401, 403, 404];

/**
 * Whether a call leaves an audit entry: every refusal does, and every call of a function that changes something. Other calls
 * do if they changed a row on the way, for example when a service rejected a credential permanently.
 */
export function isAudited(
  spec: AnyFunction,
  { error, seen }: { readonly error?: AppError | undefined } & Pick<CompletedCall, 'seen'>,
): boolean {
  if (error && REFUSED.includes(error.spec.status)) return true;
  if (spec.reads || spec.audit === 'refusals') return seen.some(isNotable);
  return !error || !NOT_UNDERSTOOD.includes(error.spec);
}

export function entryOf(spec: AnyFunction, call: CompletedCall): AuditEntry {
  const { error, result, actor, given } = call;
  const flatResult = error ? undefined : flatten(result);
  const changes = imagesOf(call.seen);
  return {
    organizationId: call.organizationId ?? (error ? undefined : belongsTo(spec, result)),
    function: spec.name,
    ...whoCalled(actor),
    ...outcomeOf(error),
    rows: { ...idsIn(given), ...(flatResult && idsIn(flatResult)) },
    params: call.params,
    result: flatResult && summaryOf(flatResult, choicesOf(spec.result as z.ZodType)),
    changes: changes.length > 0 ? changes : undefined,
    address: call.address,
    agent: call.agent,
    requestId: call.requestId,
  };
}

function belongsTo({ audit }: AnyFunction, result: unknown): string | undefined {
  return typeof audit === 'object' ? audit.organizationOf(result) : undefined;
}

/** Not signed in, not permitted, not found for this caller. */
export function isRefusal({ spec }: AppError): boolean {
  return REFUSED.includes(spec.status);
}

export function whoCalled(
  actor: Actor | undefined,
): Pick<AuditEntry, 'actor' | 'actorId' | 'keyId'> {
  if (!actor) return { actor: 'anonymous' };
  if (actor.kind === 'user') return { actor: 'user', actorId: actor.userId };
  if (actor.kind === 'apiKey')
    return { actor: 'apiKey', actorId: actor.ownerId, keyId: actor.apiKeyId };
  if (actor.kind === 'oauthToken')
    return { actor: 'oauthToken', actorId: actor.ownerId, keyId: actor.appId };
  return { actor: actor.readOnly ? 'readOnlyMaster' : 'master' };
}

function outcomeOf(error: AppError | undefined): Pick<AuditEntry, 'outcome' | 'error' | 'code'> {
  if (!error) return { outcome: 'ok' };
  const { code, status } = error.spec;
  return { outcome: REFUSED.includes(status) ? 'refused' : 'failed', error: error.kind, code };
}

/** The number of ids kept of one list. */
const IDS_MAX = 100;

/** Returns the name of an id: `webhookId` for both `webhookId` and `webhook.id`, `…Ids` for lists. */
function idsIn(values: Readonly<Record<string, unknown>>): AuditEntry['rows'] {
  const ids: Record<string, string | readonly string[]> = {};
  for (const [path, value] of Object.entries(values)) {
    const [name = '', inner] = path.split('.');
    const called = inner === 'id' ? `${name}Id` : (inner ?? name);
    if (called.endsWith('Id') && isId(value)) ids[called] = value;
    if (called.endsWith('Ids') && Array.isArray(value))
      ids[called] = value.filter(isId).slice(0, IDS_MAX);
  }
  return ids;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}
