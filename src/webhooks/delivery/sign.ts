import { createHmac, sign } from 'node:crypto';

import type { ParsedSecret } from './secret.js';

/** The headers of https://github.com/standard-webhooks/standard-webhooks. No other header may have one of these names. */
const SIGNATURE_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** One attempt's message, as it will be sent. */
export interface Message {
  /** The same for every attempt, so that receivers recognize repeats. Without a dot, which separates the signed parts. */
  readonly id: string;
  /** When this attempt is sent, in whole seconds since 1970. Receivers refuse one that is minutes off. */
  readonly timestampSeconds: number;
  /** Exactly what is sent; a string stands for its UTF-8 bytes. */
  readonly body: string | Uint8Array;
  /** The secrets that sign at present, newest first; at least one. */
  readonly secrets: readonly ParsedSecret[];
  /** One more header, for receivers that do not follow Standard Webhooks. */
  readonly legacyHeader?: LegacyHeader | undefined;
}

/** A header with the hex HMAC-SHA256 of the body alone, as GitHub's X-Hub-Signature-256 without its prefix. */
interface LegacyHeader {
  readonly name: string;
  /** The whole text of the secret, with its prefix, in UTF-8: such receivers use it as the key. */
  readonly secret: string;
}

/**
 * Returns the headers that sign a message. `webhook-signature` lists one signature for each secret, so that a receiver that
 * has any one of them can verify. Throws an Error on what only a bug can cause: a message without secret, an id with a dot,
 * a fraction of a second, a legacy header named like one of `SIGNATURE_HEADERS`.
 */
export function signatureHeaders(message: Message): Record<string, string> {
  checkMessage(message);
  const { id, timestampSeconds, body, secrets, legacyHeader } = message;
  const prefix = `${id}.${timestampSeconds}.`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': secrets.map((secret) => signature(secret, prefix, body)).join(' '),
    ...(legacyHeader && {
      [legacyHeader.name]: createHmac('sha256', legacyHeader.secret).update(body).digest('hex'),
    }),
  };
}

function signature(secret: ParsedSecret, prefix: string, body: string | Uint8Array): string {
  switch (secret.scheme) {
    case 'v1':
      return `v1,${createHmac('sha256', secret.key).update(prefix).update(body).digest('base64')}`;
    case 'v1a': {
      // ed25519 reads the message twice, so it cannot be fed in pieces: https://www.rfc-editor.org/rfc/rfc8032#section-5.1.6
      const message = Buffer.concat([Buffer.from(prefix), Buffer.from(body)]);
      return `v1a,${sign(null, message, secret.key).toString('base64')}`;
    }
  }
}

function checkMessage({ id, timestampSeconds, secrets, legacyHeader }: Message): void {
  if (secrets.length === 0) throw new Error('A message needs a secret to be signed with.');
  if (id === '' || id.includes('.')) throw new Error('The id of a message is text without a dot.');
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
    throw new Error('The timestamp of a message is in whole seconds.');
  }
  const taken: readonly string[] = SIGNATURE_HEADERS;
  if (legacyHeader && taken.includes(legacyHeader.name.toLowerCase())) {
    throw new Error(`The legacy header cannot be named ${legacyHeader.name}.`);
  }
}
