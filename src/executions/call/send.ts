import { setTimeout as pause } from 'node:timers/promises';

import type { Connections } from '../../connections/index.js';
import type { ProviderFailure } from '../../connectors/index.js';
import type { ProviderResponse } from '../../contract/index.js';
import type { Meters } from '../../platform/limits/index.js';
import { type Admission, admit } from '../limits/admit.js';
import { recordOutcome } from '../limits/recordOutcome.js';
import { NotAdmitted, type WaitBudget } from '../limits/waitBudget.js';
import { secretHeaderValues } from '../record/redact.js';
import { waitAfter } from './backoff.js';
import { applyRules } from './errorRules.js';
import type { Plan } from './plan.js';

/** The result of all attempts of one call: the last response, the last failure, or both. */
export interface SendResult {
  readonly attempts: number;
  readonly response?: ProviderResponse | undefined;
  /** After the error rules of the integration. */
  readonly failure?: ProviderFailure | undefined;
}

export interface SendDeps {
  readonly connections: Connections;
  readonly meters: Meters;
  readonly random: () => number;
}

/** A longer response is a failure: Parse Server sends the result of a function in one piece. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Sends the planned request. Sends it again after a failure that may pass, if it is repeatable or did not reach the service.
 * Throws NotAdmitted before anything was sent, and what `connections.call` throws.
 */
export async function send(
  { connections, meters, random }: SendDeps,
  plan: Plan,
  {
    waitBudget,
    early,
  }: {
    readonly waitBudget: WaitBudget;
    /** The admission of the first request, where it was requested already. */
    readonly early?: { readonly admission: Promise<Admission> } | undefined;
  },
): Promise<SendResult> {
  const { settings } = plan;
  let last: SendResult | undefined;
  let pendingAdmission = early?.admission;
  const admitRequest = (): Promise<Admission> => {
    const admission = pendingAdmission ?? admit(meters, plan, 'request');
    pendingAdmission = undefined;
    return admission;
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await waitBudget.waitUntilAdmitted(admitRequest);
    } catch (error) {
      // A request was sent already: the caller gets its result.
      if (last && error instanceof NotAdmitted) return last;
      throw error;
    }
    const { timeoutMs } = settings;
    const secrets = secretHeaderValues(settings.headers);
    const options = { timeoutMs, bodyBytesMax: BODY_BYTES_MAX, secrets };
    const outcome = await connections.call(plan.connection, plan.outgoing, options);
    await recordOutcome(meters, plan, outcome);
    if (outcome.kind === 'response') return { attempts: attempt, response: outcome.response };
    // The caller of a raw request judges its failures without the integration's rules.
    const failure = plan.isRaw ? outcome.failure : applyRules(outcome.failure, settings.errors);
    last = { attempts: attempt, failure, response: outcome.response };
    const isSafe = plan.isRepeatable || !outcome.sent;
    const retryAfterMs = outcome.signs.waitMs;
    const waitMs =
      failure.retryable && isSafe
        ? waitAfter(settings.retry, { attempt, retryAfterMs, random: random() })
        : undefined;
    if (waitMs === undefined) return last;
    await pause(waitMs);
  }
}
