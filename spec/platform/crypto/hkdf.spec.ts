import { hkdfSync } from 'node:crypto';

import { expandKey } from '../../../src/platform/crypto/index.js';
import { hkdf } from '../../vault/vectors.js';

const hex = (text: string) => Buffer.from(text, 'hex');

describe('HKDF-SHA256', () => {
  it.each(hkdf.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
    const expand = () =>
      expandKey(hex(vector.ikm), {
        salt: hex(vector.salt),
        info: hex(vector.info),
        length: vector.size,
      });
    if (vector.isValid) expect(expand().export()).toEqual(hex(vector.okm));
    else expect(expand).toThrow();
  });
});

describe('a key for a purpose', () => {
  it('is kept apart from other keys of the same secret', () => {
    const secret = 'a'.repeat(32);
    const state = expandKey(secret, { info: 'one' }).export();
    expect(state).toEqual(Buffer.from(hkdfSync('sha256', secret, '', 'one', 32)));
    expect(state).not.toEqual(expandKey(secret, { info: 'two' }).export());
  });
});
