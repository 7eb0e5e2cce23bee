import {
  date,
  defineClass,
  list,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

export const APIKey = defineClass({
  name: 'APIKey',
  summary:
    'A key with which a program calls the functions of the hub as a member. The key itself is not stored.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    name: text('Shown to people.'),
    start: text('The first characters of the key, to recognize it.'),
    environment: text('live or test.'),
    status: text('active or revoked.'),
    scopes: list<string>()('Permissions that the key has as far as its owner has them.'),
    owner: pointer('_User')(
      'The member who issued the current secret; it acts with their permissions.',
    ),
    hash: text('HMAC-SHA-256 of the key.'),
    pepper: text('The id of the pepper of the hash.'),
    previousHash: text.optional(
      'HMAC-SHA-256 of the previous secret, from before the last rotation.',
    ),
    previousPepper: text.optional(),
    previousUntil: date.optional('Until when the previous secret works.'),
    previousOwner: pointer('_User').optional(
      'The member who issued the previous secret; it acts with their permissions.',
    ),
    previousSettings: text.optional('What the previous secret may do at most, as JSON.'),
    rotatedAt: date.optional(),
    revokedAt: date.optional(),
    expiresAt: date.optional('When the key expires.'),
    addresses: list<string>()('Addresses and CIDR ranges that the key works from; empty: all.'),
    origins: list<string>()('Origins of web pages that the key works from; empty: all.'),
    metadata: text('Data of the organization’s own, as JSON.'),
    limits: text('Rate limits and monthly quota, as JSON.'),
    lastUsedAt: date.optional('The time of the last call, recorded with a delay of some seconds.'),
    lastUsedFrom: text.optional('The IP address of the last call.'),
    lastUsedBy: text.optional('The user agent of the last call.'),
    reminders: list<string>().optional('Rotation reminders that were sent.'),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  indexes: {
    byOrganization: ['organization', 'createdAt'],
    byOwner: ['owner'],
  },
  unique: { byHash: ['hash'], byPreviousHash: ['previousHash'] },
  hidden: ['hash', 'previousHash'],
  audited: ['environment', 'status', 'owner', 'scopes', 'addresses', 'origins'],
  read: 'acl',
});
