import { createSeals } from '../../src/audit/chain/seal.js';

const [present, before, strange] = ['p', 'b', 's'].map((each) => each.repeat(40)) as [
  string,
  string,
  string,
];
const HASH = 'ab'.repeat(32);

describe('a seal', () => {
  const seals = createSeals([present, before]);

  it('is made by the hub under its current secret', () => {
    const seal = seals.seal(HASH);
    expect(seal).toMatch(/^1\.[\w-]{8}:[\w-]{43}$/);
    expect(seals.check(HASH, seal)).toBe('good');
    expect(createSeals([present]).seal(HASH)).toBe(seal);
    expect(createSeals([before]).seal(HASH)).not.toBe(seal);
  });

  it('stays valid after a change of the secret while the previous one is configured', () => {
    const seal = createSeals([before]).seal(HASH);
    expect(seals.check(HASH, seal)).toBe('good');
    expect(createSeals([present]).check(HASH, seal)).toBe('unknown');
  });

  it('stays valid in each version of the hub', () => {
    const old = createSeals(['a secret of thirty-two characters']);
    expect(old.check('abc', '1.02FqmlZe:W_quhaEZSJ34j4GN3FoGD_DfVhOsrwIskVO2d0iBqPk')).toBe('good');
  });

  it.each([
    ['of another hash', () => seals.seal('cd'.repeat(32)), 'wrong'],
    ['cut', () => seals.seal(HASH).slice(0, -1), 'wrong'],
    ['lengthened', () => `${seals.seal(HASH)}A`, 'wrong'],
    ['with only the name of a key', () => seals.seal(HASH).split(':')[0] + ':', 'wrong'],
    ['under an unknown secret', () => createSeals([strange]).seal(HASH), 'unknown'],
    ['that is not a seal', () => 'x', 'unknown'],
    ['that is empty', () => '', 'unknown'],
    ['that is absent', () => undefined, 'unknown'],
  ])('is not valid %s', (_what, seal, found) => {
    expect(seals.check(HASH, seal())).toBe(found);
  });
});
