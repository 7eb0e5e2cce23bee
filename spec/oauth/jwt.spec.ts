import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { type ProvenRequest, readProof } from '../../src/oauth/tokens/dpop.js';
import { verifyAccessToken } from '../../src/oauth/tokens/jwt.js';

const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function signed(header: object, payload: object, key: KeyObject): string {
  const body = `${text(header)}.${text(payload)}`;
  const signature = sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' });
  return `${body}.${signature.toString('base64url')}`;
}
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...ours.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' };
const now = new Date(1_800_000_000_000);
const seconds = now.getTime() / 1000;
const issuer = 'https://api.example.com/hub/oauth';
const audience = 'https://api.example.com/hub';
const good = {
  iss: issuer,
  aud: audience,
  sub: 'u',
  client_id: 'c',
  iat: seconds,
  exp: seconds + 60,
};
const header = { alg: 'ES256', typ: 'at+jwt', kid: 'k1' };
const read = (token: string, at = now) =>
  verifyAccessToken(token, { issuer, audience, jwks: { keys: [jwk] }, now: at });

describe('an access token in the form of a JWT', () => {
  it('is accepted until it expires', () => {
    const token = signed(header, good, ours.privateKey);
    expect(read(token)).toMatchObject({ sub: 'u', client_id: 'c' });
    expect(read(token, new Date(now.getTime() + 59_999))).toBeDefined();
    expect(() => read(token, new Date(now.getTime() + 60_000))).toThrow('expired');
  });

  // https://www.rfc-editor.org/rfc/rfc8725
  const spki = ours.publicKey.export({ format: 'pem', type: 'spki' });
  const confused = () => {
    const body = `${text({ ...header, alg: 'HS256' })}.${text(good)}`;
    return `${body}.${createHmac('sha256', spki).update(body).digest('base64url')}`;
  };
  it.each<[string, () => string]>([
    ['without a signature', () => `${text({ ...header, alg: 'none' })}.${text(good)}.`],
    ['with the public key for a secret', confused],
    ['of another server', () => signed(header, good, theirs.privateKey)],
    [
      'that brings its own key',
      () =>
        signed(
          { ...header, jwk: theirs.publicKey.export({ format: 'jwk' }), kid: 'x' },
          good,
          theirs.privateKey,
        ),
    ],
    [
      'with the URL of a key',
      () => signed({ ...header, kid: 'x', jku: 'https://evil.example/' }, good, theirs.privateKey),
    ],
    [
      'with a path as key id',
      () => signed({ ...header, kid: '../../dev/null' }, good, ours.privateKey),
    ],
    [
      'with a database query as key id',
      () => signed({ ...header, kid: "x' OR '1'='1" }, good, ours.privateKey),
    ],
    ['without a key', () => signed({ alg: 'ES256', typ: 'at+jwt' }, good, ours.privateKey)],
    ['that is an ID token', () => signed({ ...header, typ: 'JWT' }, good, ours.privateKey)],
    ['of no type', () => signed({ alg: 'ES256', kid: 'k1' }, good, ours.privateKey)],
    [
      'with an extension that is critical',
      () => signed({ ...header, crit: ['exp'] }, good, ours.privateKey),
    ],
    [
      'of another issuer',
      () => signed(header, { ...good, iss: 'https://evil.example' }, ours.privateKey),
    ],
    [
      'for another audience',
      () => signed(header, { ...good, aud: 'https://other.example' }, ours.privateKey),
    ],
    ['for no audience', () => signed(header, { ...good, aud: undefined }, ours.privateKey)],
    ['without an end', () => signed(header, { ...good, exp: undefined }, ours.privateKey)],
    [
      'that is not valid yet',
      () => signed(header, { ...good, nbf: seconds + 60 }, ours.privateKey),
    ],
    [
      'that was changed',
      () =>
        signed(header, good, ours.privateKey).replace(
          /\.[^.]+\./,
          `.${text({ ...good, sub: 'admin' })}.`,
        ),
    ],
    ['that is not a JWT', () => 'a.b.c'],
  ])('is refused %s', (_what, token) => {
    expect(() => read(token())).toThrow();
  });
});

describe('a DPoP proof', () => {
  const accessToken = 'hub_oat_x';
  const url = 'https://api.example.com/parse/functions/getWebhooks';
  const ath = createHash('sha256').update(accessToken).digest('base64url');
  const proofHeader = {
    typ: 'dpop+jwt',
    alg: 'ES256',
    jwk: ours.publicKey.export({ format: 'jwk' }),
  };
  const proofBody = { htm: 'POST', htu: url, iat: seconds, jti: 'one', ath };
  const request = (proof: string): ProvenRequest => ({
    proof,
    method: 'POST',
    url,
    accessToken,
    now,
  });
  const proven = (changedHeader: object, changedBody: object, key = ours.privateKey) =>
    readProof(
      request(signed({ ...proofHeader, ...changedHeader }, { ...proofBody, ...changedBody }, key)),
    );

  it('proves the key, regardless of the query', async () => {
    expect(await proven({}, {})).toEqual({ id: 'one', thumbprint: expect.any(String) });
    expect(await proven({}, { htu: `${url}?a=1` })).toBeDefined();
    expect(await proven({}, { iat: seconds - 60 })).toBeDefined();
  });

  // The vector of https://www.rfc-editor.org/rfc/rfc9449#section-6.1, whose key has this thumbprint.
  it('names the key as RFC 9449 does', async () => {
    const proof =
      'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA';
    expect(
      await readProof({
        proof,
        method: 'GET',
        url: 'https://resource.example.org/protectedresource',
        accessToken: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
        now: new Date(1_562_262_618_000),
      }),
    ).toEqual({
      id: 'e1j3V_bKic8-LAEB',
      thumbprint: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
    });
  });

  it.each<[string, object, object]>([
    ['of another method', {}, { htm: 'GET' }],
    ['of another address', {}, { htu: 'https://api.example.com/parse/functions/other' }],
    ['of another host', {}, { htu: url.replace('api.', 'evil.') }],
    ['of no address', {}, { htu: 1 }],
    ['for another token', {}, { ath: createHash('sha256').update('x').digest('base64url') }],
    ['for no token', {}, { ath: undefined }],
    ['that is old', {}, { iat: seconds - 61 }],
    ['from the future', {}, { iat: seconds + 61 }],
    ['of no time', {}, { iat: 'now' }],
    ['without an id', {}, { jti: undefined }],
    ['with an empty id', {}, { jti: '' }],
    ['with a very long id', {}, { jti: 'x'.repeat(501) }],
    ['of another type', { typ: 'JWT' }, {}],
    ['of no algorithm', { alg: 'none' }, {}],
    ['of another algorithm', { alg: 'RS256' }, {}],
    ['with an extension that is critical', { crit: ['b64'] }, {}],
    ['with a private key', { jwk: ours.privateKey.export({ format: 'jwk' }) }, {}],
    ['of another key', { jwk: theirs.publicKey.export({ format: 'jwk' }) }, {}],
    ['of no key', { jwk: undefined }, {}],
    ['of a secret', { jwk: { kty: 'oct', k: 'AAAA' } }, {}],
    ['of a broken key', { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }, {}],
  ])('is refused %s', async (_what, changedHeader, changedBody) => {
    expect(await proven(changedHeader, changedBody)).toBeUndefined();
  });

  it.each(['', 'a.b', 'a.b.c.d', `${text(null)}.${text(null)}.x`, `${text([])}.${text([])}.`])(
    'is not a proof: %s',
    async (proof) => {
      expect(await readProof(request(proof))).toBeUndefined();
    },
  );
});
