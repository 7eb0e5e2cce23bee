import { createSecretKey, randomBytes } from 'node:crypto';

import { decrypt, DoesNotOpen, encrypt } from '../../src/vault/aead.js';
import { boundTo } from '../../src/vault/context.js';
import type { Vault } from '../../src/vault/index.js';
import type { Kms } from '../../src/vault/kms.js';
import { createVault } from '../../src/vault/vault.js';

export interface TestKms extends Kms {
  /** Adds a key, which encrypts from now on. */
  add(keyId: string): void;
}

/** A KMS with keys in memory, for specs that need one. */
export function createTestKms(keyId = 'k1'): TestKms {
  const keys = new Map([[keyId, createSecretKey(randomBytes(32))]]);
  let current = keyId;
  const keyOf = (id: string) => {
    const key = keys.get(id);
    if (!key) throw new DoesNotOpen('A sealed value names a key that is not there.');
    return key;
  };
  return {
    add(id) {
      keys.set(id, createSecretKey(randomBytes(32)));
      current = id;
    },
    current: () => Promise.resolve(current),
    generate(context) {
      const plain = randomBytes(32);
      const bound = boundTo(context, current, 'data key');
      const wrapped = encrypt(keyOf(current), plain, { bound });
      return Promise.resolve({ keyId: current, plain, wrapped });
    },
    unwrap: async (id, wrapped, context) =>
      Promise.resolve(decrypt(keyOf(id), wrapped, boundTo(context, id, 'data key'))),
  };
}

export function openTestVault(app = 'app', kms: Kms = createTestKms()): Vault {
  return createVault({ app, kms });
}
