import { DoesNotOpen } from './aead.js';
import type { FullEncryptionContext } from './context.js';
import type { Kms } from './kms.js';

/** Options of `createHttpKms`. */
export interface HttpKmsOptions {
  /** The key service: `POST {url}/generate` and `POST {url}/decrypt`, `GET {url}/current`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string;
  /** How long the id of the current key is cached, in milliseconds. Default 60 000. */
  readonly currentForMs?: number;
}

/**
 * Creates an example of a host's own key management service, with the operations of AWS KMS: data keys are returned in
 * plain and wrapped (https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html) and are unwrapped
 * for the encryption context that they were generated for
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html). The service belongs to the operator, so its
 * URL is not guarded as those of users are.
 */
export function createHttpKms({ url, token, currentForMs = 60_000 }: HttpKmsOptions): Kms {
  let current: { readonly keyId: string; readonly untilMs: number } | undefined;

  async function request(path: string, body?: object): Promise<Readonly<Record<string, string>>> {
    const response = await fetch(`${url}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.status === 400)
      throw new DoesNotOpen('The key service refused to unwrap a data key.');
    if (!response.ok)
      throw new Error(`The key service responded with status ${String(response.status)}.`);
    return (await response.json()) as Readonly<Record<string, string>>;
  }

  return {
    async current() {
      if (!current || performance.now() > current.untilMs) {
        const { keyId } = await request('current');
        current = { keyId: textOf(keyId), untilMs: performance.now() + currentForMs };
      }
      return current.keyId;
    },
    async generate(context) {
      const { keyId, plaintext, ciphertext } = await request('generate', {
        context: contextOf(context),
      });
      return { keyId: textOf(keyId), plain: bytesOf(plaintext), wrapped: bytesOf(ciphertext) };
    },
    async unwrap(keyId, wrapped, context) {
      const ciphertext = wrapped.toString('base64');
      const { plaintext } = await request('decrypt', {
        keyId,
        ciphertext,
        context: contextOf(context),
      });
      return bytesOf(plaintext);
    },
  };
}

function contextOf(context: FullEncryptionContext): Readonly<Record<string, string>> {
  return { ...context };
}

function bytesOf(text: string | undefined): Buffer {
  return Buffer.from(textOf(text), 'base64');
}

function textOf(text: string | undefined): string {
  if (text === undefined) throw new Error('A response of the key service lacks a required member.');
  return text;
}
