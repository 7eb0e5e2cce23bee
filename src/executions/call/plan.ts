import { createHash } from 'node:crypto';

import {
  buildActionRequest,
  missingScopes,
  type NextPage,
  type Outgoing,
} from '../../connectors/index.js';
import type { AnyAction, Membership } from '../../contract/index.js';
import type { IntegrationRow } from '../../integrations/index.js';
import { canonicalJsonOf } from '../../platform/crypto/index.js';
import { executionErrors } from '../errors.js';
import type { Transforms } from '../transform/transform.js';
import { buildFromInput, parseInput } from './input.js';
import type { PageCursors } from './pageCursor.js';
import { checkMayUse, prepare, type PrepareDeps, type Ready } from './prepare.js';
import type { ValueDeps } from './value.js';

/** A call as its caller requests it. */
export interface ExecutionRequest {
  readonly integration: IntegrationRow;
  /** The caller, who must be allowed to use the integration and its connection. */
  readonly membership: Membership;
  readonly action: string;
  readonly input: unknown;
  readonly cursor?: string | undefined;
  /** Makes a write safe to repeat: the service does it once for each key. */
  readonly idempotencyKey?: string | undefined;
  /** `master`, `user:<id>` or `apiKey:<id>`. */
  readonly caller: string;
  readonly requestId: string;
}

/** Everything that is decided before anything is sent. */
export interface Plan extends Ready {
  readonly caller: string;
  readonly action: AnyAction;
  /** After the transform, as the action takes it. */
  readonly input: unknown;
  /** The request, without the credential. */
  readonly outgoing: Outgoing;
  /** Whether sending it twice has the effect of sending it once. */
  readonly isRepeatable: boolean;
  /** A request without an action of the connector: its caller gets whatever the service responds. */
  readonly isRaw: boolean;
  /** The same for calls that request the same of the same integration and connection; different for all others. */
  readonly fingerprint: string;
}

export interface PlanDeps extends PrepareDeps, ValueDeps {
  readonly transforms: Transforms;
  readonly cursors: PageCursors;
}

/**
 * Decides which action a call makes, with which settings, connection and input, and builds its request. Throws what `prepare`
 * and `checkMayUse` throw, and ActionNotFound, ActionNotAllowed, ScopesMissing, KeyNotUsable, InputNotValid, TransformFailed,
 * EvaluationBusy, InvalidCursor.
 */
export async function makePlan(
  deps: PlanDeps,
  request: ExecutionRequest,
  executionId: string,
): Promise<Plan> {
  const ready = await prepare(deps, request.integration);
  checkMayUse(ready, request.membership);
  const action = allowedAction(ready, request.action);
  checkScopes(ready, action);
  const given = request.input ?? {};
  const { request: transform } = ready.settings;
  const { organization: organizationId } = request.integration;
  const value = transform
    ? await deps.transforms.apply({ organizationId, setting: transform, which: 'request' }, given)
    : given;
  const input = await parseInput(deps, action, { value, organizationId });
  const page = requestedPage(deps, request);
  if (request.idempotencyKey !== undefined && !isRepeatable(action)) {
    const { name: connector } = ready.connector;
    throw executionErrors.KeyNotUsable({ action: action.name, connector });
  }
  const { caller, idempotencyKey = executionId } = request;
  return planAction({ ...ready, caller }, { action, input, page, idempotencyKey });
}

/** Plans an action that was checked. Throws InputNotValid, FieldMissing, FieldsNotUsable. */
export function planAction(
  ready: Ready & Pick<Plan, 'caller'>,
  {
    action,
    input,
    page,
    idempotencyKey,
  }: {
    readonly action: AnyAction;
    readonly input: unknown;
    readonly page?: NextPage | undefined;
    /** The same for all attempts: the service recognizes a repeated write by it. */
    readonly idempotencyKey: string;
  },
): Plan {
  const { settings, connector, connection, integration } = ready;
  const { fields } = connection;
  const { headers } = settings;
  return {
    ...ready,
    action,
    input,
    outgoing: buildFromInput(input, () =>
      buildActionRequest(connector, { action, input, fields, headers, idempotencyKey, page }),
    ),
    isRepeatable: isRepeatable(action),
    isRaw: false,
    fingerprint: fingerprintOf([
      integration.id,
      integration.revision,
      // Another account may be connected under the same id.
      connection.id,
      connection.revision,
      action.name,
      input,
      page ?? null,
    ]),
  };
}

/** Throws ActionNotFound, ActionNotAllowed. */
function allowedAction({ settings, connector }: Ready, name: string): AnyAction {
  const action = connector.actions.find((each) => each.name === name);
  if (!action) throw executionErrors.ActionNotFound({ connector: connector.name });
  if (settings.actions && !settings.actions.includes(action.name)) {
    throw executionErrors.ActionNotAllowed({ action: action.name });
  }
  return action;
}

/** Throws ScopesMissing where the service would certainly refuse; where it might not, the service decides. */
function checkScopes({ connector, connection }: Ready, action: AnyAction): void {
  const missing = missingScopes(connector, action, connection.grantedScopes);
  if (missing?.isCertain !== true) return;
  throw executionErrors.ScopesMissing({ scopes: missing.description, action: action.name });
}

/** Throws InvalidCursor. */
function requestedPage(
  { cursors }: Pick<PlanDeps, 'cursors'>,
  { cursor, integration, action }: ExecutionRequest,
): NextPage | undefined {
  return cursor === undefined
    ? undefined
    : cursors.read(cursor, { integrationId: integration.id, action });
}

function isRepeatable({ idempotent, risk }: AnyAction): boolean {
  return idempotent === undefined ? risk === 'read' : idempotent !== false;
}

/** Returns a fingerprint that is independent of the order of members in objects. */
function fingerprintOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJsonOf(parts)).digest('base64url');
}
