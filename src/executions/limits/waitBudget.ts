import { setTimeout as pause } from 'node:timers/promises';

import type { IntegrationSettings } from '../../integrations/index.js';
import type { Clock } from '../../platform/clock.js';
import type { Admission } from './admit.js';
import type { Refusal } from './meter.js';

/** Thrown when a limit refuses a call for longer than the call may wait. The catcher queues the call or reports the refusal. */
export class NotAdmitted extends Error {
  constructor(readonly refusal: Refusal) {
    super(`not admitted: ${refusal.reason}`);
  }
}

/** A limit is checked again after this time at the latest: another call may have been given back. */
const RECHECK_MS = 1_000;

/** How long one call has waited for limits, and how long it may. */
export class WaitBudget {
  readonly #endsAtMs: number;
  waitedMs = 0;

  constructor(
    private readonly clock: Clock,
    { whenReached, waitMsMax }: IntegrationSettings['limits'],
  ) {
    this.#endsAtMs = clock.now().getTime() + (whenReached === 'wait' ? waitMsMax : 0);
  }

  /** Calls `tryAdmit` until it admits. Throws NotAdmitted when that would take longer than the budget allows. */
  async waitUntilAdmitted(
    tryAdmit: () => Promise<Admission>,
  ): Promise<Extract<Admission, { admitted: true }>> {
    const { clock } = this;
    for (;;) {
      const admission = await tryAdmit();
      if (admission.admitted) return admission;
      const { refusal } = admission;
      if (refusal.retryAtMs > this.#endsAtMs) throw new NotAdmitted(refusal);
      const startedMs = clock.monotonicMs();
      const waitMs = refusal.retryAtMs - clock.now().getTime();
      await pause(Math.min(Math.max(waitMs, 1), RECHECK_MS));
      this.waitedMs += clock.monotonicMs() - startedMs;
    }
  }
}
