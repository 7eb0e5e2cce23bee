import type { z } from 'zod';

import { TOO_LARGE } from '../../connections/index.js';
import { nextPage, type ProviderFailure, readEvents } from '../../connectors/index.js';
import { AppError, type ProviderResponse } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { freshSeconds } from '../cache/cacheControl.js';
import type { ResponseCache } from '../cache/responseCache.js';
import type { Gate } from '../limits/gate.js';
import type { Admission, Refusal } from '../limits/meter.js';
import { NotAdmitted, type WaitBudget } from '../limits/waitBudget.js';
import type { Plan, PlanDeps } from './plan.js';
import { send, type SendDeps } from './send.js';

/** What came of a plan. */
export type CallResult =
  | {
      readonly kind: 'succeeded';
      readonly output: unknown;
      /** The cursor of the next page. */
      readonly next?: string | undefined;
      readonly isCached: boolean;
      readonly attempts: number;
      readonly status?: number;
      /** The answer is not what the connector’s documentation says. */
      readonly warning?: string | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly failure: ProviderFailure;
      readonly attempts: number;
      readonly response?: ProviderResponse | undefined;
    }
  /** Something of ours said no. */
  | { readonly kind: 'refused'; readonly error: AppError; readonly attempts: number }
  | { readonly kind: 'notAdmitted'; readonly refusal: Refusal };

export interface CarryOutDeps extends Pick<PlanDeps, 'transforms' | 'cursors'>, SendDeps {
  readonly gate: Gate;
  readonly cache: ResponseCache;
  readonly clock: Clock;
}

/** Limits → cache → send → transform. Whatever comes of it is data; what is thrown is our own failure. */
export async function carryOut(
  deps: CarryOutDeps,
  plan: Plan,
  waitBudget: WaitBudget,
): Promise<CallResult> {
  let [attempts, hasEntered] = [0, false];
  const seconds = cacheSeconds(plan);
  const mayBeCached = seconds > 0 && deps.cache.has(plan.fingerprint);
  // Where something will be sent, the service's limits are asked while the integration's own are.
  const early = mayBeCached ? undefined : earlyPass(deps.gate, plan);
  try {
    const { writes } = await waitBudget.waitUntilAdmitted(() => deps.gate.enter(plan));
    hasEntered = true;
    const found = mayBeCached ? deps.cache.get(plan.fingerprint, writes) : undefined;
    if (found) return { kind: 'succeeded', isCached: true, attempts: 0, ...found };
    const sent = await send(deps, plan, { waitBudget, early });
    ({ attempts } = sent);
    if (plan.action.risk === 'write') await deps.gate.wrote(plan);
    const { response: answer, failure } = sent;
    const isPassedThrough = plan.isRaw && answer && failure?.code !== TOO_LARGE;
    if (failure && !isPassedThrough) return { kind: 'failed', failure, attempts, response: answer };
    if (!answer) throw new Error('Neither an answer nor a failure came back.');
    const { output, warning } = await outputOf(deps, plan, answer);
    const next = cursorOf(deps, plan, answer);
    const fresh = freshSeconds(answer, { secondsMax: seconds, now: deps.clock.now() });
    if (fresh > 0) {
      deps.cache.set(plan.fingerprint, { output, next }, { writes, seconds: fresh });
    }
    const { status } = answer;
    return { kind: 'succeeded', isCached: false, output, next, attempts, status, warning };
  } catch (error) {
    if (error instanceof NotAdmitted) {
      if (hasEntered) await deps.gate.leave(plan);
      else await early?.retract();
      return { kind: 'notAdmitted', refusal: error.refusal };
    }
    if (error instanceof AppError) return { kind: 'refused', error, attempts };
    throw error;
  }
}

/** A place with the service that is asked for before it is known whether it is needed. */
interface EarlyPass {
  readonly admission: Promise<Admission>;
  /** Gives it back. */
  retract(): Promise<void>;
}

function earlyPass(gate: Gate, plan: Plan): EarlyPass {
  const admission = gate.pass(plan, plan.action.name);
  // Whoever needs it hears of its failure; else nobody would.
  admission.catch(() => undefined);
  return {
    admission,
    async retract() {
      if ((await admission).admitted) await gate.retract(plan, plan.action.name);
    },
  };
}

/** How long answers to it may be kept at the most; 0: it is not to be cached. */
export function cacheSeconds({ settings: { cache }, action, isRaw }: Plan): number {
  // Of a free request nobody knows what it does, and its fingerprint does not tell what was asked.
  if (!cache || action.risk === 'write' || action.stream || isRaw) return 0;
  return cache.actions === undefined || cache.actions.includes(action.name) ? cache.seconds : 0;
}

/**
 * What the caller gets. An answer that is not what the documentation says is given all the same: what was done at the
 * service is done, and a service that adds a form of answer must not stop anybody’s product.
 */
async function outputOf(
  { transforms }: Pick<PlanDeps, 'transforms'>,
  { action, settings }: Plan,
  response: ProviderResponse,
): Promise<{ readonly output: unknown; readonly warning?: string }> {
  const read: unknown = readBy(action, response);
  const parsed = parseOutput(action, read);
  const output = settings.response
    ? await transforms.apply(settings.response, parsed.output, 'response')
    : parsed.output;
  return { ...parsed, output };
}

/** A stream is answered as the list of its events: Parse answers in one piece. */
function readBy({ response: read, stream }: Plan['action'], response: ProviderResponse): unknown {
  if (stream && typeof response.body === 'string') return readEvents(response.body, stream.done);
  return read ? read(response) : response.body;
}

function parseOutput(action: Plan['action'], read: unknown) {
  const shape = action.output as z.ZodType;
  const parsed = (action.stream ? shape.array() : shape).safeParse(read);
  if (parsed.success) return { output: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  return {
    output: read,
    warning: `The answer is not as documented${where}: ${issue?.message ?? ''}`,
  };
}

function cursorOf(
  { cursors }: Pick<PlanDeps, 'cursors'>,
  { action, outgoing, integration }: Plan,
  response: ProviderResponse,
): string | undefined {
  const next = action.pages && nextPage(action.pages, outgoing, response);
  return next && cursors.make(next, { integrationId: integration.id, action: action.name });
}
