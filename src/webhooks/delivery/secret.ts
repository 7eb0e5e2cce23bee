import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

import { z } from 'zod';

/** The prefix of each kind of key, so that kinds are not confused. */
const PREFIX = { symmetric: 'whsec_', private: 'whsk_', public: 'whpk_' } as const;
const SYMMETRIC_BYTES = { min: 24, generated: 32, max: 64 } as const;
const SEED_BYTES = 32;

/**
 * A signing secret with its key imported: importing an ed25519 key takes ten times as long as signing with it. Keys are
 * key objects, so that neither a log line nor `JSON.stringify` shows any of them.
 */
export type ParsedSecret =
  | { readonly scheme: 'v1'; readonly key: KeyObject }
  | {
      readonly scheme: 'v1a';
      readonly key: KeyObject;
      /** `whpk_…`: receivers verify with it. Not secret. */
      readonly publicKey: string;
    };

/** An ed25519 pair as text: `secret` (`whsk_…`) signs, `publicKey` (`whpk_…`) is for receivers. */
export interface SigningKeyPair {
  readonly secret: string;
  readonly publicKey: string;
}

/**
 * Reads `whsec_` + base64 of 24 to 64 bytes (HMAC, `v1`) or `whsk_` + base64 of seed and public key, 64 bytes
 * (ed25519, `v1a`), as in
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. Base64 must be exactly what an
 * encoder writes. Throws an Error whose message may be shown to a person; it holds nothing of the secret.
 */
export function parseSecret(text: string): ParsedSecret {
  if (text.startsWith(PREFIX.symmetric)) return parseSymmetric(text);
  if (text.startsWith(PREFIX.private)) return parsePrivate(text);
  if (text.startsWith(PREFIX.public)) {
    throw new Error(
      'This is a public key (whpk_), which can only verify. Give the secret: whsk_ or whsec_.',
    );
  }
  throw new Error(
    'A signing secret starts with whsec_ (HMAC) or whsk_ (ed25519), followed by base64, without spaces around it.',
  );
}

/** The parameter for a secret that a caller supplies. Returns the text as given; refuses it with the message of `parseSecret`. */
export const suppliedSecret = z
  .string()
  .max(200, { abort: true, error: 'A signing secret has at most 200 characters.' })
  .superRefine((text, context) => {
    try {
      parseSecret(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  })
  .describe(
    '`whsec_` and base64 of 24 to 64 random bytes, or `whsk_` and base64 of an ed25519 key.',
  );

/** Returns a new HMAC secret: `whsec_` and 32 random bytes. */
export function generateSecret(): string {
  return PREFIX.symmetric + randomBytes(SYMMETRIC_BYTES.generated).toString('base64');
}

/** Returns a new ed25519 pair. */
export function generateSigningKeyPair(): SigningKeyPair {
  const seed = randomBytes(SEED_BYTES);
  const { publicBytes } = importSeed(seed);
  return {
    secret: PREFIX.private + Buffer.concat([seed, publicBytes]).toString('base64'),
    publicKey: PREFIX.public + publicBytes.toString('base64'),
  };
}

function parseSymmetric(text: string): ParsedSecret {
  const bytes = decodeBase64(text.slice(PREFIX.symmetric.length));
  const { min, max } = SYMMETRIC_BYTES;
  if (bytes === undefined) throw new Error(notBase64(PREFIX.symmetric));
  if (bytes.length < min || bytes.length > max) {
    throw new Error(
      `A whsec_ secret holds ${min} to ${max} bytes in base64; this one holds ${bytes.length}.`,
    );
  }
  return { scheme: 'v1', key: createSecretKey(bytes) };
}

function parsePrivate(text: string): ParsedSecret {
  const bytes = decodeBase64(text.slice(PREFIX.private.length));
  if (bytes === undefined) throw new Error(notBase64(PREFIX.private));
  if (bytes.length !== 2 * SEED_BYTES) {
    throw new Error(
      `A whsk_ secret holds 64 bytes in base64, the ed25519 seed and then the public key; this one holds ${bytes.length}.`,
    );
  }
  const { key, publicBytes } = importSeed(bytes.subarray(0, SEED_BYTES));
  if (!publicBytes.equals(bytes.subarray(SEED_BYTES))) {
    throw new Error(
      'The two halves of this whsk_ secret do not belong together: the second is not the public key of the first.',
    );
  }
  return { scheme: 'v1a', key, publicKey: PREFIX.public + publicBytes.toString('base64') };
}

// What precedes the seed in an unencrypted PKCS #8 ed25519 key: https://www.rfc-editor.org/rfc/rfc8410#section-7
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

function importSeed(seed: Buffer): { readonly key: KeyObject; readonly publicBytes: Buffer } {
  const der = Buffer.concat([PKCS8_ED25519, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { key, publicBytes: spki.subarray(-SEED_BYTES) };
}

/** Returns `undefined` unless the text is exactly what an encoder writes: Node's decoder skips unknown characters. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function notBase64(prefix: string): string {
  return `What follows ${prefix} is not base64: letters, digits, + and /, filled up with = to a multiple of four characters.`;
}
