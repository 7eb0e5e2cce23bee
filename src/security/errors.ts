import { defineErrors } from '../contract/index.js';

/** 8301 to 8399. */
export const securityErrors = defineErrors({
  /** The same words for an account that exists and one that does not, and whether or not this attempt was right. */
  TooManyAttempts: {
    code: 8301,
    status: 429,
    message: 'There were too many wrong attempts. Try again in {seconds} seconds.',
  },
});
