import type { z } from 'zod';

import { TOO_LARGE } from '../../connections/index.js';
import { nextPage, type ProviderFailure, readEvents } from '../../connectors/index.js';
import {
  AppError,
  commonErrors,
  describeIssue,
  type ProviderResponse,
} from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { Meters } from '../../platform/limits/index.js';
import { freshSeconds } from '../cache/cacheControl.js';
import type { ResponseCache } from '../cache/responseCache.js';
import { type Admission, admit, release } from '../limits/admit.js';
import type { Refusal } from '../limits/meter.js';
import { recordWrite } from '../limits/recordOutcome.js';
import { NotAdmitted, type WaitBudget } from '../limits/waitBudget.js';
import type { Plan, PlanDeps } from './plan.js';
import { send, type SendDeps } from './send.js';
import { parseValue, type ValueDeps } from './value.js';

/** The result of carrying out a plan. */
export type CallResult =
  | {
      readonly kind: 'succeeded';
      readonly output: unknown;
      /** The cursor of the next page. */
      readonly next?: string | undefined;
      readonly isCached: boolean;
      readonly attempts: number;
      readonly status?: number;
      /** Set when the response is not as the connector documents it. */
      readonly warning?: string | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly failure: ProviderFailure;
      readonly attempts: number;
      readonly response?: ProviderResponse | undefined;
    }
  /** The hub itself refused: the connection cannot be used, or a transform failed. */
  | { readonly kind: 'refused'; readonly error: AppError; readonly attempts: number }
  | { readonly kind: 'notAdmitted'; readonly refusal: Refusal };

export interface CarryOutDeps
  extends Pick<PlanDeps, 'transforms' | 'cursors' | 'validations'>, SendDeps {
  readonly meters: Meters;
  readonly cache: ResponseCache;
  readonly clock: Clock;
}

/** Limits → cache → send → transform. Every outcome is returned as data; only failures of the hub itself are thrown. */
export async function carryOut(
  deps: CarryOutDeps,
  plan: Plan,
  waitBudget: WaitBudget,
): Promise<CallResult> {
  let [attempts, isAdmitted] = [0, false];
  const seconds = cacheSeconds(plan);
  const mayBeCached = seconds > 0 && deps.cache.has(plan.fingerprint);
  // Without a cached response a request will be sent: its limits are checked together with the integration's own.
  const early = mayBeCached ? undefined : admitEarly(deps.meters, plan);
  try {
    const { writes } = await waitBudget.waitUntilAdmitted(() => admit(deps.meters, plan, 'call'));
    isAdmitted = true;
    const found = mayBeCached ? deps.cache.get(plan.fingerprint, writes) : undefined;
    if (found) return { kind: 'succeeded', isCached: true, attempts: 0, ...found };
    const sent = await send(deps, plan, { waitBudget, early });
    ({ attempts } = sent);
    if (plan.action.risk === 'write') await recordWrite(deps.meters, plan);
    const { response, failure } = sent;
    const isPassedThrough = plan.isRaw && response && failure?.code !== TOO_LARGE;
    if (failure && !isPassedThrough) return { kind: 'failed', failure, attempts, response };
    if (!response) throw new Error('The request has neither a response nor a failure.');
    const { output, warning } = await outputOf(deps, plan, response);
    const next = cursorOf(deps, plan, response);
    const fresh = freshSeconds(response, { secondsMax: seconds, now: deps.clock.now() });
    if (fresh > 0) {
      deps.cache.set(plan.fingerprint, { output, next }, { writes, seconds: fresh });
    }
    const { status } = response;
    return { kind: 'succeeded', isCached: false, output, next, attempts, status, warning };
  } catch (error) {
    if (error instanceof NotAdmitted) {
      if (isAdmitted) await release(deps.meters, plan, 'call');
      else await early?.release();
      return { kind: 'notAdmitted', refusal: error.refusal };
    }
    if (error instanceof AppError) return { kind: 'refused', error, attempts };
    throw error;
  }
}

/** The admission of the first request, requested before it is certain that one is sent. */
interface EarlyAdmission {
  readonly admission: Promise<Admission>;
  /** Undoes it when no request is sent. */
  release(): Promise<void>;
}

function admitEarly(meters: Meters, plan: Plan): EarlyAdmission {
  const admission = admit(meters, plan, 'request');
  // `send` and `release` await it and see its failure; without this line a call that ends before them would leave it unhandled.
  admission.catch(() => undefined);
  return {
    admission,
    async release() {
      if ((await admission).admitted) await release(meters, plan, 'request');
    },
  };
}

/** Returns how many seconds responses may be cached at most; 0: they are not cached. */
export function cacheSeconds({ settings: { cache }, action, isRaw }: Plan): number {
  // Nothing is known of the effect of a raw request, and its fingerprint does not contain it.
  if (!cache || action.risk === 'write' || action.stream || isRaw) return 0;
  return cache.actions === undefined || cache.actions.includes(action.name) ? cache.seconds : 0;
}

/**
 * Returns the output for the caller. A response that differs from the documentation is returned with a warning: its
 * effect at the service has happened, and a service that changes its responses must not stop a product.
 */
async function outputOf(
  deps: Pick<PlanDeps, 'transforms' | 'validations'>,
  { action, settings, integration }: Plan,
  response: ProviderResponse,
): Promise<{ readonly output: unknown; readonly warning?: string }> {
  const { organization: organizationId } = integration;
  const value = readBy(action, response);
  const parsed = await parseOutput(deps, action, { value, organizationId });
  const { response: setting } = settings;
  const output = setting
    ? await deps.transforms.apply({ organizationId, setting, which: 'response' }, parsed.output)
    : parsed.output;
  return { ...parsed, output };
}

/**
 * Reads a response as its action defines. A stream becomes the list of its events: Parse Server sends the result of a
 * function in one piece.
 */
function readBy({ response: read, stream }: Plan['action'], response: ProviderResponse): unknown {
  if (stream && typeof response.body === 'string') return readEvents(response.body, stream.done);
  return read ? read(response) : response.body;
}

async function parseOutput(
  deps: ValueDeps,
  action: Plan['action'],
  given: { readonly value: unknown; readonly organizationId: string },
): Promise<{ readonly output: unknown; readonly warning?: string }> {
  const shape = action.output as z.ZodType;
  const type = action.stream ? shape.array() : shape;
  try {
    const parsed = await parseValue(deps, { ...given, type });
    if ('value' in parsed) return { output: parsed.value };
    const problem = parsed.issues.slice(0, 1).map(describeIssue).join('');
    return { output: given.value, warning: `The response is not as documented: ${problem}` };
  } catch (error) {
    if (!(error instanceof AppError) || error.spec !== commonErrors.EvaluationBusy.spec)
      throw error;
    // The request has been sent: 429 would invite the caller to repeat it.
    const warning = 'The response was not validated: too many others were waiting to be.';
    return { output: given.value, warning };
  }
}

function cursorOf(
  { cursors }: Pick<PlanDeps, 'cursors'>,
  { action, outgoing, integration }: Plan,
  response: ProviderResponse,
): string | undefined {
  const next = action.pages && nextPage(action.pages, outgoing, response);
  return next && cursors.make(next, { integrationId: integration.id, action: action.name });
}
