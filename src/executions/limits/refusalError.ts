import { waitSeconds } from '../../platform/http/retryAfter.js';
import { executionErrors } from '../errors.js';
import type { Refusal } from './meter.js';

/** Returns the error that the caller of a refused call gets. */
export function refusalError(refusal: Refusal, nowMs: number): Error {
  const seconds = waitSeconds(refusal.retryAtMs - nowMs);
  switch (refusal.reason) {
    case 'limit':
      return executionErrors.LimitReached({ limit: refusal.description, seconds });
    case 'quota':
      return executionErrors.QuotaUsedUp({ limit: refusal.description, seconds });
    case 'paused':
      return executionErrors.ServicePaused({ problem: 'the service requested a pause', seconds });
    case 'breakerOpen':
      return executionErrors.ServicePaused({
        problem: 'the service failed too often in a row',
        seconds,
      });
  }
}
