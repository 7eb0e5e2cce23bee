// Published test vectors for the vault's primitives. Those of Project Wycheproof are not part of this repository; they are
// also read when WYCHEPROOF_VECTORS names the folder `testvectors_v1` of a clone of
// https://github.com/C2SP/wycheproof
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface AeadVector {
  readonly id: string;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly isValid: boolean;
}
export interface PbkdfVector {
  readonly id: string;
  readonly password: string;
  readonly salt: string;
  readonly iterations: number;
  readonly dk: string;
}
export interface HkdfVector {
  readonly id: string;
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
  readonly isValid: boolean;
}

const asHex = (text: string) => Buffer.from(text).toString('hex');
const run = (from: number, length: number) =>
  Buffer.from(Array.from({ length }, (_, nth) => from + nth)).toString('hex');

const LONG_KEY = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';
const LONG_TEXT =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
  '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255';
const LONG_BOX =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
  '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';

// Test cases 13 to 16 of McGrew and Viega, The Galois/Counter Mode of Operation, appendix B; the mode is NIST SP 800-38D:
// https://csrc.nist.gov/pubs/sp/800/38/d/final
const gcmSpec: readonly AeadVector[] = [
  {
    id: 'GCM specification 13',
    key: '00'.repeat(32),
    iv: '00'.repeat(12),
    aad: '',
    msg: '',
    ct: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
    isValid: true,
  },
  {
    id: 'GCM specification 14',
    key: '00'.repeat(32),
    iv: '00'.repeat(12),
    aad: '',
    msg: '00'.repeat(16),
    ct: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
    isValid: true,
  },
  {
    id: 'GCM specification 15',
    key: LONG_KEY,
    iv: 'cafebabefacedbaddecaf888',
    aad: '',
    msg: LONG_TEXT,
    ct: LONG_BOX,
    tag: 'b094dac5d93471bdec1a502270e3cc6c',
    isValid: true,
  },
  {
    id: 'GCM specification 16',
    key: LONG_KEY,
    iv: 'cafebabefacedbaddecaf888',
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    msg: LONG_TEXT.slice(0, 120),
    ct: LONG_BOX.slice(0, 120),
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
    isValid: true,
  },
];

/** Each bit of the tag, the ciphertext and the additional data counts. */
function bent(vector: AeadVector): AeadVector[] {
  return (['tag', 'ct', 'aad', 'iv'] as const)
    .filter((part) => vector[part] !== '')
    .flatMap((part) => {
      const bytes = Buffer.from(vector[part], 'hex');
      return [0, bytes.length * 8 - 1].map((bit) => {
        const other = Buffer.from(bytes);
        other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const id = `${vector.id}, bit ${bit} of its ${part} turned`;
        return { ...vector, id, [part]: other.toString('hex'), isValid: false };
      });
    });
}

// https://www.rfc-editor.org/rfc/rfc7914#section-11
const rfc7914: readonly PbkdfVector[] = [
  {
    id: 'RFC 7914, once',
    password: asHex('passwd'),
    salt: asHex('salt'),
    iterations: 1,
    dk: '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc',
  },
  {
    id: 'RFC 7914, 80,000 times',
    password: asHex('Password'),
    salt: asHex('NaCl'),
    iterations: 80_000,
    dk: '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56',
  },
];

// https://www.rfc-editor.org/rfc/rfc5869#appendix-A
const rfc5869: readonly HkdfVector[] = [
  {
    id: 'RFC 5869 A.1',
    ikm: '0b'.repeat(22),
    salt: run(0x00, 13),
    info: run(0xf0, 10),
    size: 42,
    okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    isValid: true,
  },
  {
    id: 'RFC 5869 A.2',
    ikm: run(0x00, 80),
    salt: run(0x60, 80),
    info: run(0xb0, 80),
    size: 82,
    okm:
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09' +
      'da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    isValid: true,
  },
  {
    id: 'RFC 5869 A.3',
    ikm: '0b'.repeat(22),
    salt: '',
    info: '',
    size: 42,
    okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    isValid: true,
  },
  {
    id: 'RFC 5869 §2.3: more than 255 blocks',
    ikm: '0b'.repeat(22),
    salt: '',
    info: '',
    size: 255 * 32 + 1,
    okm: '',
    isValid: false,
  },
];

interface WycheproofTest {
  readonly tcId: number;
  readonly comment: string;
  readonly result: string;
}

function wycheproof<Test, Group = unknown>(
  file: string,
  isOurs: (group: Group) => boolean = () => true,
): (Test & { readonly id: string; readonly isValid: boolean })[] {
  const folder = process.env['WYCHEPROOF_VECTORS'];
  if (folder === undefined) return [];
  const { testGroups } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
    readonly testGroups: readonly (Group & {
      readonly tests: readonly (Test & WycheproofTest)[];
    })[];
  };
  return testGroups.filter(isOurs).flatMap(({ tests }) =>
    tests.map((test) => ({
      ...test,
      id: `Wycheproof ${test.tcId} ${test.comment}`,
      isValid: test.result === 'valid',
    })),
  );
}

export const aesGcm: readonly AeadVector[] = [
  ...gcmSpec,
  ...gcmSpec.flatMap(bent),
  ...wycheproof<AeadVector, Record<'keySize' | 'ivSize' | 'tagSize', number>>(
    'aes_gcm_test.json',
    ({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128,
  ),
];

export const pbkdf2: readonly PbkdfVector[] = [
  ...rfc7914,
  ...wycheproof<PbkdfVector & { readonly iterationCount: number }>(
    'pbkdf2_hmacsha256_test.json',
  ).map((vector) => ({ ...vector, iterations: vector.iterationCount })),
];

export const hkdf: readonly HkdfVector[] = [
  ...rfc5869,
  ...wycheproof<HkdfVector>('hkdf_sha256_test.json'),
];
