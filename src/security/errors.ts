import { AppError, defineErrors } from '../contract/index.js';

/** Codes 8301 to 8399. */
export const securityErrors = defineErrors({
  /** The same message whether or not the account exists and the attempt was right. */
  TooManyAttempts: {
    code: 8301,
    status: 429,
    message: 'There were too many failed attempts. Try again in {seconds} seconds.',
  },
  TooManyRequests: {
    code: 8302,
    status: 429,
    message: 'There were too many requests of this kind. Try again in {seconds} seconds.',
  },
  LoginInBatch: {
    code: 8303,
    status: 400,
    message:
      'A batch cannot log in, test a password or request an e-mail. Send each of these requests by itself.',
  },
});

/** Returns the wait of a TooManyAttempts in seconds; `undefined` for any other error. */
export function waitSecondsIn(error: unknown): number | undefined {
  if (!(error instanceof AppError) || error.kind !== 'TooManyAttempts') return undefined;
  return Number(error.detail?.['retryAfterSeconds']);
}
