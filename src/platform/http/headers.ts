import { HEADER_NAME, isForbiddenHeader } from '../../contract/index.js';
import { httpErrors } from './errors.js';

export const HEADER_VALUE_LENGTH_MAX = 4096;

// Set by the hub for what it sends; some receivers would read a second one beside them and others would not.
const HUB_HEADERS = new Set(['content-encoding', 'content-range', 'content-type', 'user-agent']);

// The signature of a delivery: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const SIGNATURE_PREFIX = 'webhook-';

/**
 * Checks the headers that a user adds to the hub's requests: names, values, and no name twice in different case.
 * `reserved` are further names that are taken, in any case.
 * @throws HeaderNotAllowed with a sentence for that user.
 */
export function checkHeaders(
  headers: Readonly<Record<string, string>>,
  reserved: readonly string[] = [],
): void {
  const taken = new Set(reserved.map((name) => name.toLowerCase()));
  for (const [name, value] of Object.entries(headers)) {
    checkHeaderName(name);
    if (taken.has(name.toLowerCase())) {
      throw notAllowed(`The header ${name} cannot be set: another header has the same name.`);
    }
    checkHeaderValue(name, value);
    taken.add(name.toLowerCase());
  }
}

/** Checks one name, as `checkHeaders` does. @throws HeaderNotAllowed */
export function checkHeaderName(name: string): void {
  if (!HEADER_NAME.test(name)) {
    throw notAllowed(
      'A header name consists of 1 to 256 letters, digits and hyphens, such as X-Api-Key.',
    );
  }
  const lower = name.toLowerCase();
  if (lower.startsWith(SIGNATURE_PREFIX)) {
    throw notAllowed(
      `The header ${name} cannot be set: names that begin with webhook- carry the signature.`,
    );
  }
  if (isForbiddenHeader(lower) || HUB_HEADERS.has(lower)) {
    throw notAllowed(`The header ${name} cannot be set: the hub sets it. Choose another name.`);
  }
}

/**
 * Checks one value, as `checkHeaders` does. The message never repeats it: it is often a credential.
 * @throws HeaderNotAllowed
 */
export function checkHeaderValue(name: string, value: string): void {
  if (value.length > HEADER_VALUE_LENGTH_MAX) {
    throw notAllowed(
      `The value of the header ${name} is longer than ${HEADER_VALUE_LENGTH_MAX} characters.`,
    );
  }
  // RFC 9110 §5.5, without its obsolete bytes over 0x7F, which receivers read in different ways.
  if (!/^[\t\x20-\x7e]*$/.test(value)) {
    throw notAllowed(
      `The value of the header ${name} may contain printable ASCII characters only, and no line breaks.`,
    );
  }
  if (value !== value.trim()) {
    throw notAllowed(`The value of the header ${name} must not begin or end with a space.`);
  }
}

function notAllowed(problem: string) {
  return httpErrors.HeaderNotAllowed({ problem });
}
