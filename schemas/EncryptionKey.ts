import { date, defineClass, number, text } from '../src/contract/index.js';

export const EncryptionKey = defineClass({
  name: 'EncryptionKey',
  summary: 'A version of the key that wraps data keys: what it is derived with, never the key.',
  fields: {
    state: text('staged, active, decryptOnly or retired.'),
    generation: number('Counts the keys; each number once.'),
    salt: text('256 bits, base64url.'),
    iterations: number('Of PBKDF2-HMAC-SHA256.'),
    checkValue: text('Tells whether a secret derives this key.'),
    activatedAt: date.optional('When it began to wrap.'),
    replacedAt: date.optional('When another began to.'),
    retiredAt: date.optional('When nothing was sealed under it any more.'),
    revision: number('Counts changes; guards concurrent ones.'),
  },
  unique: { byGeneration: ['generation'] },
  audited: ['state'],
  read: 'masterKey',
});
