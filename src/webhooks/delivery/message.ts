import type { EncryptionContext, Vault } from '../../vault/index.js';
import type { SealedSecret, WebhookRow } from '../store.js';
import { type ParsedSecret, parseSecret } from './secret.js';
import { signatureHeaders } from './sign.js';

/** The message of one attempt. */
interface OutgoingMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Composes and signs the messages of one webhook. Its secrets and headers are decrypted once for all of them. */
export interface MessageComposer {
  compose(event: { readonly id: string; readonly body: string }, now: Date): OutgoingMessage;
}

/** Returns the context (AAD) of an encrypted value of a webhook: it decrypts under no other. */
export function encryptionContextOf(
  { id, organization }: Pick<WebhookRow, 'id' | 'organization'>,
  field: 'secrets' | 'sealedHeaders',
): EncryptionContext {
  return { organization, className: 'Webhook', field, recordId: id };
}

interface OpenedSecret {
  readonly text: string;
  readonly parsed: ParsedSecret;
  readonly expiresAt: string | undefined;
}

/** Decrypts what the messages of a webhook need. Later changes of its row have no effect on the composer. */
export async function createMessageComposer(
  vault: Vault,
  webhook: WebhookRow,
): Promise<MessageComposer> {
  const [secrets, own] = await Promise.all([
    Promise.all(webhook.secrets.map((secret) => openSecret(vault, webhook, secret))),
    openHeaders(vault, webhook),
  ]);
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

async function openSecret(
  vault: Vault,
  webhook: WebhookRow,
  { sealed, expiresAt }: SealedSecret,
): Promise<OpenedSecret> {
  const text = await vault.open(sealed, encryptionContextOf(webhook, 'secrets'));
  return { text, parsed: parseSecret(text), expiresAt };
}

async function openHeaders(vault: Vault, webhook: WebhookRow): Promise<Record<string, string>> {
  if (webhook.sealedHeaders === undefined) return {};
  const opened = await vault.open(
    webhook.sealedHeaders,
    encryptionContextOf(webhook, 'sealedHeaders'),
  );
  return JSON.parse(opened) as Record<string, string>;
}
