import {
  date,
  defineClass,
  flag,
  json,
  list,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

/** A stored signing secret: encrypted, never returned again. */
export interface SealedSecret {
  readonly scheme: 'v1' | 'v1a';
  readonly sealed: string;
  /** ISO time after which it no longer signs; absent for the current one. */
  readonly expiresAt?: string;
}

export const Webhook = defineClass({
  name: 'Webhook',
  summary: 'A URL where an organization receives its events, with the settings of delivery.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    name: text('Shown to people.'),
    url: text('Where events are posted.'),
    status: text('active, paused (deliveries wait) or disabled (new events are not sent).'),
    disabledReason: text.optional(
      'Why it is disabled: by a user, or because the receiver responded with 410 Gone.',
    ),
    events: list<string>()('Event types to send: exact, `prefix.*` or `*`.'),
    headerNames: list<string>()('Names of its extra headers.'),
    sealedHeaders: text.optional(
      'The extra headers as encrypted JSON [name, value] pairs: their values are often credentials.',
    ),
    retryWaitsSeconds: list<number>()(
      'The wait before each further attempt, in seconds, before jitter.',
    ),
    retry: json<Record<string, unknown>>().optional('The retry setting as it was set.'),
    timeoutSeconds: number('The maximum duration of an attempt, in seconds.'),
    asymmetric: flag('Whether it is signed with ed25519 (v1a) instead of HMAC (v1).'),
    legacySignatureHeader: text.optional(
      'Extra header with the hex HMAC-SHA256 of the body, for receivers that do not follow Standard Webhooks.',
    ),
    secrets: list<SealedSecret>()('The signing secrets, newest first.'),
    secretChangedAt: date('When the newest secret was created.'),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  indexes: { byOrganization: ['organization', 'createdAt'] },
  hidden: ['secrets', 'sealedHeaders'],
  sealed: ['secrets', 'sealedHeaders'],
  audited: ['url', 'status', 'disabledReason', 'events', 'headerNames'],
  read: 'acl',
});
