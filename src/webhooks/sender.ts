import type { Sealer } from '../platform/seal.js';
import { type ParsedSecret, parseSecret } from './secret.js';
import { signatureHeaders } from './sign.js';
import type { SealedSecret, WebhookRow } from './store.js';

/** What an attempt sends. */
export interface OutgoingMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Composes the messages of one webhook: its secrets and headers opened once, for as long as its lane is held. */
export interface Sender {
  compose(event: { readonly id: string; readonly body: string }, now: Date): OutgoingMessage;
}

/** Where a sealed value of a webhook belongs, so that it opens nowhere else. */
export function sealContext(webhookId: string, field: 'secrets' | 'headers'): readonly string[] {
  return ['Webhook', field, webhookId];
}

interface OpenedSecret {
  readonly text: string;
  readonly parsed: ParsedSecret;
  readonly expiresAt: string | undefined;
}

export function createSender(sealer: Sealer, webhook: WebhookRow): Sender {
  const secrets = webhook.secrets.map((secret) => openSecret(sealer, webhook.id, secret));
  const own = openHeaders(sealer, webhook);
  const { legacySignatureHeader: legacyName } = webhook;

  return {
    compose({ id, body }, now) {
      // ISO times in UTC compare as text.
      const live = secrets.filter(
        ({ expiresAt }) => expiresAt === undefined || expiresAt > now.toISOString(),
      );
      const newest = live[0];
      return {
        body,
        headers: {
          ...own,
          'content-type': 'application/json',
          ...signatureHeaders({
            id,
            body,
            timestampSeconds: Math.floor(now.getTime() / 1000),
            secrets: live.map(({ parsed }) => parsed),
            ...(legacyName !== undefined &&
              newest && { legacyHeader: { name: legacyName, secret: newest.text } }),
          }),
        },
      };
    },
  };
}

function openSecret(
  sealer: Sealer,
  webhookId: string,
  { sealed, expiresAt }: SealedSecret,
): OpenedSecret {
  const text = sealer.open(sealed, sealContext(webhookId, 'secrets'));
  return { text, parsed: parseSecret(text), expiresAt };
}

function openHeaders(sealer: Sealer, { id, sealedHeaders }: WebhookRow): Record<string, string> {
  if (sealedHeaders === undefined) return {};
  return JSON.parse(sealer.open(sealedHeaders, sealContext(id, 'headers'))) as Record<
    string,
    string
  >;
}
