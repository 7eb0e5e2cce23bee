import { defineErrors } from '../../contract/index.js';

/** Numbers 7020 to 7029. */
export const httpErrors = defineErrors({
  TargetNotAllowed: { code: 7020, status: 422, message: '{problem}' },
  TargetNotFound: {
    code: 7021,
    status: 422,
    message:
      'No address is known for the host {host}. Check its spelling, or try again when its DNS entry is published.',
  },
  TargetLookupFailed: {
    code: 7022,
    status: 503,
    message:
      'The address of the host {host} could not be looked up just now. Try again in a minute.',
  },
  HeaderNotAllowed: { code: 7023, status: 422, message: '{problem}' },
  AllowListInvalid: { code: 7024, status: 500, message: '{problem}' },
  /** The hub's machine could not make the request at all: it had no file descriptor, port or memory left. */
  EgressUnavailable: {
    code: 7025,
    status: 503,
    message: 'The request could not be made from our side. Try again in a minute.',
  },
});

/** Returns the `code` of an error of Node or undici. Their class cannot be tested: some come from another realm. */
export function codeOf(error: unknown): string | undefined {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
