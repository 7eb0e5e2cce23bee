import { AppError, defineErrors } from '../contract/index.js';

/** Codes 8301 to 8399. */
export const securityErrors = defineErrors({
  /** The same message whether or not the account exists and the attempt was right. */
  TooManyAttempts: {
    code: 8301,
    status: 429,
    message: 'There were too many wrong attempts. Try again in {seconds} seconds.',
  },
});

/** How many seconds TooManyAttempts says to wait; `undefined` for any other error. */
export function waitSecondsIn(error: unknown): number | undefined {
  if (!(error instanceof AppError) || error.kind !== 'TooManyAttempts') return undefined;
  return Number(error.detail?.['retryAfterSeconds']);
}
