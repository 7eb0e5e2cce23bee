import { setTimeout as pause } from 'node:timers/promises';

import type { Connections } from '../../connections/index.js';
import type { ProviderFailure } from '../../connectors/index.js';
import type { ProviderResponse } from '../../contract/index.js';
import type { Gate } from '../limits/gate.js';
import type { Admission } from '../limits/meter.js';
import { NotAdmitted, type WaitBudget } from '../limits/waitBudget.js';
import { waitAfter } from './backoff.js';
import { applyRules } from './errorRules.js';
import type { Plan } from './plan.js';

/** What came of all attempts together. */
export interface SendResult {
  readonly attempts: number;
  readonly response?: ProviderResponse | undefined;
  /** By the integration’s rules. */
  readonly failure?: ProviderFailure | undefined;
}

export interface SendDeps {
  readonly connections: Connections;
  readonly gate: Gate;
  readonly random: () => number;
}

/** An answer longer than this is a failure; Parse answers in one piece. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Sends what is planned, again while that is safe and may help: what can be repeated, or was not sent at all. Throws
 * NotAdmitted before anything was sent, and what `connections.call` throws.
 */
export async function send(
  { connections, gate, random }: SendDeps,
  plan: Plan,
  {
    waitBudget: patience,
    early,
  }: {
    readonly waitBudget: WaitBudget;
    /** The answer of `gate.pass`, where it was asked already. */
    readonly early?: { readonly admission: Promise<Admission> } | undefined;
  },
): Promise<SendResult> {
  const { settings } = plan;
  let last: SendResult | undefined;
  let pendingAdmission = early?.admission;
  const pass = (): Promise<Admission> => {
    const admission = pendingAdmission ?? gate.pass(plan, plan.action.name);
    pendingAdmission = undefined;
    return admission;
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await patience.waitUntilAdmitted(pass);
    } catch (error) {
      // Something was sent already: what came of that is what the caller hears.
      if (last && error instanceof NotAdmitted) return last;
      throw error;
    }
    const { timeoutMs } = settings;
    const options = { timeoutMs, bodyBytesMax: BODY_BYTES_MAX };
    const outcome = await connections.call(plan.connection, plan.outgoing, options);
    await gate.report(plan, outcome);
    if (outcome.kind === 'response') return { attempts: attempt, response: outcome.response };
    // A free request is its caller’s own: so is what its failures mean.
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
