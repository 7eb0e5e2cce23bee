import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/** The shortest hub secret that is accepted, in characters. */
export const HUB_SECRET_LENGTH_MIN = 32;

const VERSION = 's1.';
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals small secrets for the database. `context` says where a value belongs (class, field, id of the row): it is not
 * stored, and only the same one opens the value, so that a value copied to another row is worthless.
 */
export interface Sealer {
  /** `s1.` and base64url; never the same twice. The length of `plain` shows. */
  seal(plain: string, context: readonly string[]): string;
  /** Throws an Error when anything is not as it was when sealed. Its message holds neither value nor context. */
  open(sealed: string, context: readonly string[]): string;
}

/** What is wrong with a hub secret, as a sentence; `undefined` when it will do. */
export function checkHubSecret(text: string): string | undefined {
  return text.length >= HUB_SECRET_LENGTH_MIN
    ? undefined
    : `The hub secret must have at least ${HUB_SECRET_LENGTH_MIN} characters, at best random ones: openssl rand -base64 32 makes one.`;
}

/**
 * AES-256-GCM under a key derived from the hub's secret by HKDF-SHA256 (https://www.rfc-editor.org/rfc/rfc5869), with a
 * random nonce: good for 2^32 values a secret (NIST SP 800-38D, 8.3). Throws when `checkHubSecret` objects.
 */
export function createSealer(hubSecret: string): Sealer {
  const problem = checkHubSecret(hubSecret);
  if (problem !== undefined) throw new Error(problem);
  // The info keeps this key apart from whatever else is derived from the same secret. It can never change.
  const key = createSecretKey(
    Buffer.from(hkdfSync('sha256', hubSecret, '', 'parse-integration-hub seal s1', 32)),
  );
  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(lengthPrefixed(context));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return VERSION + Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url');
    },
    open(sealed, context) {
      const bytes = decode(sealed);
      // Without authTagLength Node also accepts tags cut to four bytes, which can be guessed.
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(lengthPrefixed(context));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      try {
        decipher.final();
      } catch {
        throw new Error(
          'A sealed value does not open: it was changed, belongs to another row, or was sealed with another hub secret.',
        );
      }
      return text.toString('utf8');
    },
  };
}

function decode(sealed: string): Buffer {
  const encoded = sealed.startsWith(VERSION) ? sealed.slice(VERSION.length) : '';
  const bytes = Buffer.from(encoded, 'base64url');
  // Node's decoder skips what it does not know: a value must be exactly what `seal` wrote.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== encoded) {
    throw new Error(
      `A sealed value does not open: it is not of the form ${VERSION} and base64url.`,
    );
  }
  return bytes;
}

/** Each part behind its length, so that no two different contexts become the same bytes. */
function lengthPrefixed(parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
