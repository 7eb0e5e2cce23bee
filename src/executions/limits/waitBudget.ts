import { setTimeout as pause } from 'node:timers/promises';

import type { IntegrationSettings } from '../../integrations/index.js';
import type { Clock } from '../../platform/clock.js';
import { waitSeconds } from '../../platform/http/retryAfter.js';
import { executionErrors } from '../errors.js';
import { QUOTA } from './gate.js';
import type { Admission, Refusal } from './meter.js';

/** A refusal of a limit, as the caller of this module decides what to do about it. */
export class NotAdmitted extends Error {
  constructor(readonly refusal: Refusal) {
    super(`not admitted: ${refusal.why}`);
  }
}

/** The longest that a limit is not looked at again: others may have given places back. */
const LOOK_AGAIN_MS = 1_000;

/** How long one call has waited, and how long it may. */
export class WaitBudget {
  readonly #endsAtMs: number;
  waitedMs = 0;

  constructor(
    private readonly clock: Clock,
    { whenReached, waitMsMax }: IntegrationSettings['limits'],
  ) {
    this.#endsAtMs = clock.now().getTime() + (whenReached === 'wait' ? waitMsMax : 0);
  }

  /** Asks until it is admitted. Throws NotAdmitted when that would take longer than it may. */
  async waitUntilAdmitted<A extends Admission>(
    tryAdmit: () => Promise<A>,
  ): Promise<A & { admitted: true }> {
    for (;;) {
      const admission = await tryAdmit();
      if (admission.admitted) return admission as A & { admitted: true };
      const { clock } = this;
      if (admission.retryAtMs > this.#endsAtMs) throw new NotAdmitted(admission);
      const startedMs = clock.monotonicMs();
      const waitMs = admission.retryAtMs - clock.now().getTime();
      await pause(Math.min(Math.max(waitMs, 1), LOOK_AGAIN_MS));
      this.waitedMs += clock.monotonicMs() - startedMs;
    }
  }
}

/** A refusal as callers read it. */
export function refusalError(refusal: Refusal, nowMs: number): Error {
  const seconds = waitSeconds(refusal.retryAtMs - nowMs);
  switch (refusal.why) {
    case 'limit':
      return refusal.name === QUOTA
        ? executionErrors.QuotaUsedUp({ limit: refusal.description, seconds })
        : executionErrors.LimitReached({ limit: refusal.description, seconds });
    case 'paused':
      return executionErrors.ServicePaused({ problem: 'the service asked to wait', seconds });
    case 'open':
      return executionErrors.ServicePaused({
        problem: 'the service failed too often in a row',
        seconds,
      });
  }
}
