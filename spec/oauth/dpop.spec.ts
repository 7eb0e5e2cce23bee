import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';

import { calculateJwkThumbprint, type JWK, SignJWT } from 'jose';

import { PROOF_SECONDS, readProof } from '../../src/oauth/tokens/dpop.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const seconds = now.getTime() / 1000;
const token = 'hub_oat_token';
const request = {
  method: 'POST',
  url: 'https://api.example.com/parse/functions/f',
  accessToken: token,
  now,
};
const ath = createHash('sha256').update(token).digest('base64url');

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as JWK;

const claims: Readonly<Record<string, unknown>> = {
  jti: randomUUID(),
  htm: 'POST',
  htu: request.url,
  iat: seconds,
  ath,
};
const sign = (
  changed: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
  key: KeyObject = ec.privateKey,
) =>
  new SignJWT({ ...claims, ...changed })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: jwkOf(ec.publicKey), ...header })
    .sign(key);
const read = (proof: string, given: Partial<typeof request> = {}) =>
  readProof({ ...request, ...given, proof });

describe('a proof', () => {
  // https://www.rfc-editor.org/rfc/rfc9449#section-7.1, and the thumbprint of its key in section 6.1
  it('is that of RFC 9449', async () => {
    const proof =
      'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA';
    const given = {
      proof,
      method: 'GET',
      url: 'https://resource.example.org/protectedresource',
      accessToken: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
      now: new Date(1_562_262_618_000),
    };
    expect(await readProof(given)).toEqual({
      thumbprint: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
      id: 'e1j3V_bKic8-LAEB',
    });
    expect(await readProof({ ...given, method: 'POST' })).toBeUndefined();
  });

  it.each([
    ['ES256', {}, ec],
    ['EdDSA', { alg: 'EdDSA', jwk: jwkOf(ed.publicKey) }, ed],
  ])('may be signed by %s', async (_alg, header, { privateKey, publicKey }) => {
    expect(await read(await sign({}, header, privateKey))).toEqual({
      thumbprint: await calculateJwkThumbprint(jwkOf(publicKey)),
      id: claims['jti'],
    });
  });

  it.each([
    ['as old as it may be', { iat: seconds - PROOF_SECONDS }],
    ['from a clock that is ahead', { iat: seconds + PROOF_SECONDS }],
    ['for the address without its query', { htu: `${request.url}?a=1#b` }],
    ['for the address as another wrote it', { htu: request.url.replace('api.', 'API.') }],
  ])('is valid %s', async (_what, changed) => {
    expect(await read(await sign(changed))).toBeDefined();
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['too old', { iat: seconds - PROOF_SECONDS - 1 }],
    ['of tomorrow', { iat: seconds + PROOF_SECONDS + 1 }],
    ['without a time', { iat: undefined }],
    ['with a time that is text', { iat: String(seconds) }],
    ['of another method', { htm: 'GET' }],
    ['of another address', { htu: 'https://api.example.com/parse/functions/g' }],
    ['of another server', { htu: 'https://evil.example/parse/functions/f' }],
    ['of no address', { htu: 'functions/f' }],
    ['of another token', { ath: createHash('sha256').update('other').digest('base64url') }],
    ['of no token', { ath: undefined }],
    ['without an id', { jti: undefined }],
    ['with an empty id', { jti: '' }],
    ['with an id as long as a book', { jti: 'x'.repeat(501) }],
  ])('is not valid %s', async (_what, changed) => {
    expect(await read(await sign(changed))).toBeUndefined();
  });

  it.each<[string, () => Promise<string> | string]>([
    ['of another type', () => sign({}, { typ: 'JWT' })],
    ['without a key', () => sign({}, { jwk: undefined })],
    ['with a key that is text', () => sign({}, { jwk: 'key' })],
    [
      'with a point that is not on the curve',
      () => sign({}, { jwk: { ...jwkOf(ec.publicKey), x: jwkOf(ec.publicKey).y } }),
    ],
    ['with a private key', () => sign({}, { jwk: jwkOf(ec.privateKey) })],
    ['with another’s key', () => sign({}, { jwk: jwkOf(other.publicKey) })],
    ['of RSA', () => sign({}, { alg: 'RS256', jwk: jwkOf(rsa.publicKey) }, rsa.privateKey)],
    ['with a shared key', () => hmac()],
    [
      'with none',
      () => `${part({ typ: 'dpop+jwt', alg: 'none', jwk: jwkOf(ec.publicKey) })}.${part(claims)}.`,
    ],
    ['cut', async () => (await sign()).slice(0, -2)],
    ['of two parts', async () => (await sign()).split('.').slice(0, 2).join('.')],
    ['of text', () => 'a.b.c'],
    ['of nothing', () => ''],
  ])('is not valid %s', async (_what, make) => {
    expect(await read(await make())).toBeUndefined();
  });

  it('is not valid with a critical extension', async () => {
    const header = {
      typ: 'dpop+jwt',
      alg: 'ES256',
      jwk: jwkOf(ec.publicKey),
      b64: true,
      crit: ['x'],
    };
    const [, body = '', signature = ''] = (await sign()).split('.');
    expect(await read([part(header), body, signature].join('.'))).toBeUndefined();
  });
});

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function hmac(): Promise<string> {
  const jwk = { kty: 'oct', k: Buffer.alloc(32).toString('base64url') };
  return new SignJWT({ ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'HS256', jwk })
    .sign(Buffer.alloc(32));
}
