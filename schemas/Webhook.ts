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

/** A signing secret at rest: sealed, never readable again. */
export interface SealedSecret {
  readonly scheme: 'v1' | 'v1a';
  readonly sealed: string;
  /** ISO time after which it no longer signs; left out on the current one. */
  readonly expiresAt?: string;
}

export const Webhook = defineClass({
  name: 'Webhook',
  summary: 'Where an organization wants its events delivered, and how.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    name: text('Shown to people.'),
    url: text('Where events are posted.'),
    status: text('active, paused (deliveries wait) or disabled (events pass it by).'),
    disabledReason: text.optional(
      'Why it is disabled: by a person, or because the receiver responded 410 Gone.',
    ),
    events: list<string>()('Event types it wants: exact, `prefix.*` or `*`.'),
    headerNames: list<string>()('Names of its extra headers.'),
    sealedHeaders: text.optional(
      'The extra headers as sealed JSON [name, value] pairs: their values are often credentials.',
    ),
    retryWaitsSeconds: list<number>()(
      'The wait before each further attempt, in seconds, before jitter.',
    ),
    retry: json<Record<string, unknown>>().optional('The retry setting as it was given.'),
    timeoutSeconds: number('How long an attempt may take.'),
    asymmetric: flag('Whether it is signed with ed25519 (v1a) instead of HMAC (v1).'),
    legacySignatureHeader: text.optional(
      'Extra header with the hex HMAC-SHA256 of the body, for receivers of the older kind.',
    ),
    secrets: list<SealedSecret>()('Newest first.'),
    secretChangedAt: date('When the newest secret was made.'),
    revision: number('Counts changes; guards concurrent ones.'),
  },
  indexes: { byOrganization: ['organization', 'createdAt'] },
  hidden: ['secrets', 'sealedHeaders'],
  sealed: ['secrets', 'sealedHeaders'],
  audited: ['url', 'status', 'disabledReason', 'events', 'headerNames'],
  read: 'acl',
});
