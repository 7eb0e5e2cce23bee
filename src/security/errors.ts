import { defineErrors } from '../contract/index.js';

/** 8250 to 8259: beneath all who have something that can be guessed. */
export const securityErrors = defineErrors({
  /** The same words for an account that exists and one that does not, and whether or not this attempt was right. */
  TooManyAttempts: {
    code: 8250,
    status: 429,
    message: 'There were too many wrong attempts. Try again in {seconds} seconds.',
  },
});
