import { date, defineClass, flag, number, text } from '../src/contract/index.js';

export const EncryptionKey = defineClass({
  name: 'EncryptionKey',
  summary:
    'A version of the key that encrypts data keys: the derivation parameters, never the key.',
  fields: {
    state: text('staged, active, decryptOnly or retired.'),
    generation: number('The number of the key; each number exists once.'),
    salt: text('256 bits, base64url.'),
    iterations: number('The iterations of PBKDF2-HMAC-SHA256.'),
    checkValue: text('Verifies that a secret derives this key.'),
    activatedAt: date.optional('When the key became active.'),
    replacedAt: date.optional('When another key replaced it.'),
    retiredAt: date.optional('When no value was encrypted under it any more.'),
    usedByHost: flag.optional('Whether it encrypts values of the host’s own code (hub.vault).'),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  unique: { byGeneration: ['generation'] },
  audited: ['state'],
  read: 'masterKey',
});
