import type { KeyObject } from 'node:crypto';

import { deriveKeys, expandKey, type Secrets } from '../../platform/crypto/index.js';
import { decrypt, DoesNotOpen, encrypt } from '../../vault/index.js';

/**
 * Seals what the authorization server notes, under a key that follows from the hub’s secret: most of it lives for minutes, is
 * written with each step, and has to be opened without asking a key service.
 */
export interface Seals {
  /** `place` is where it is kept: it opens there and nowhere else. */
  seal(text: string, context: string): string;
  /** `undefined` when it was sealed under a secret that is gone, changed, or belongs to another place. */
  open(sealed: string, context: string): string | undefined;
  /** Whether it was sealed under the present secret. */
  isPresent(sealed: string): boolean;
}

export function createSeals(secrets: Secrets): Seals {
  const keys = deriveKeys(secrets, 'oauth seal 1', idOf);
  const [now] = keys;
  return {
    seal: (text, context) =>
      `${now.id}.${encrypt(now.key, Buffer.from(text), { bound: Buffer.from(context) }).toString('base64url')}`,
    open(sealed, context) {
      const [id, box = ''] = sealed.split('.');
      const known = keys.find((each) => each.id === id);
      if (!known) return undefined;
      try {
        return decrypt(known.key, Buffer.from(box, 'base64url'), Buffer.from(context)).toString();
      } catch (error) {
        if (error instanceof DoesNotOpen) return undefined;
        throw error;
      }
    },
    isPresent: (sealed) => sealed.startsWith(`${now.id}.`),
  };
}

/** Follows from the same secret by another purpose than the key, so that it tells nothing of it. */
function idOf(_key: KeyObject, secret: string): string {
  const id = expandKey(secret, { info: 'parse-integration-hub oauth seal id 1', length: 6 });
  return id.export().toString('base64url');
}
