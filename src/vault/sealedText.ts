import { DoesNotOpen, NONCE_BYTES, TAG_BYTES } from './aead.js';

/** The parts of an encrypted value. */
export interface SealedParts {
  /** The version of the key-encryption key. */
  readonly keyId: string;
  /** The data key, wrapped; only the KMS knows its format. */
  readonly wrapped: Buffer;
  /** Nonce, text, tag. */
  readonly box: Buffer;
}

const VERSION = 'v1';
const KEY_ID = /^[A-Za-z0-9_-]{1,128}$/;
const WRAPPED_BYTES_MAX = 4_096;

/** Returns `v1.<key id>.<wrapped data key>.<box>`, the last two in base64url. */
export function formatSealed({ keyId, wrapped, box }: SealedParts): string {
  return [VERSION, keyId, wrapped.toString('base64url'), box.toString('base64url')].join('.');
}

/** Accepts exactly what `formatSealed` makes. Throws DoesNotOpen. */
export function parseSealed(text: string): SealedParts {
  const [version, keyId = '', wrapped, box, ...more] = text.split('.');
  const parts = { keyId, wrapped: decodeBase64Url(wrapped), box: decodeBase64Url(box) };
  const isForm =
    version === VERSION &&
    more.length === 0 &&
    KEY_ID.test(keyId) &&
    parts.wrapped.length > 0 &&
    parts.wrapped.length <= WRAPPED_BYTES_MAX &&
    parts.box.length >= NONCE_BYTES + TAG_BYTES;
  if (!isForm) throw new DoesNotOpen(`An encrypted value does not have the form ${VERSION}.….….….`);
  return parts;
}

/** Decodes strictly: Node's decoder skips unknown characters. Returns an empty buffer for anything else. */
function decodeBase64Url(text = ''): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : Buffer.alloc(0);
}
