import { createHash, createHmac } from 'node:crypto';

import { authorize, buildRequest, identityOf, type Outgoing } from '../../src/connectors/index.js';
import {
  type ActionRequest,
  type AnyAction,
  path,
  pathOf,
  problemOfField,
} from '../../src/contract/index.js';
import { awsS3, awsSns, awsSqs } from '../../templates/aws/index.js';

describe('a region', () => {
  it.each([
    ['us-east-1', true],
    ['us-gov-west-1', true],
    ['ap-southeast-5', true],
    ['cn-north-1', false],
    ['evil.example/', false],
    ['us-east-1.evil', false],
    ['', false],
  ])('%j: %s', (region, expected) => {
    for (const { fields } of [awsS3, awsSns, awsSqs])
      expect(problemOfField('region', fields.region, region) === undefined).toBe(expected);
  });
});

describe('the test of a key', () => {
  it.each([
    ['arn:aws:iam::123456789012:user/Alice', 'Alice'],
    ['arn:aws:iam::123456789012:user/division/Bob', 'Bob'],
    ['arn:aws:iam::123456789012:root', 'root'],
    ['arn:aws:sts::123456789012:assumed-role/demo/TestAR', 'TestAR'],
  ])('identifies %s', (Arn, name) => {
    const body = awsSqs.read(
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${Arn}</Arn><UserId>A</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
    expect(identityOf(awsSqs.test, { headers: {}, body })).toEqual({ id: Arn, name });
  });

  it('is signed for STS, and other requests for their own service', () => {
    for (const connector of [awsS3, awsSns, awsSqs]) {
      const { service } = connector.auth.accessKey;
      const scopeOf = (request: ActionRequest) => {
        const authorized = authorize(buildRequest(connector, request, { region: 'us-east-2' }), {
          authMethod: connector.auth.accessKey,
          credential: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
          fields: { region: 'us-east-2' },
          now: new Date('2026-01-02T03:04:05Z'),
        });
        return /Credential=\w+\/(\S+)\/aws4_request/.exec(
          authorized.headers['authorization'] ?? '',
        )?.[1];
      };
      expect(scopeOf(connector.test.request)).toBe('20260102/us-east-2/sts');
      expect(scopeOf({ method: 'GET', path: path`/` })).toBe(`20260102/us-east-2/${service}`);
    }
  });
});

/** Signs a request as https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html describes. */
function signatureOf({ method, url, headers, body }: Outgoing, secret: string): string {
  const [, scope = '', names = ''] =
    /Credential=\w+\/(\S+), SignedHeaders=([^,]+),/.exec(headers['authorization'] ?? '') ?? [];
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    'content-length': String(body?.length ?? 0),
  };
  const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest();
  const encoded = (text: string) =>
    encodeURIComponent(decodeURIComponent(text)).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const canonical = [
    method,
    url.pathname.split('/').map(encoded).join('/'),
    url.search
      .slice(1)
      .split('&')
      .map((pair) => pair.split('=').map(encoded).join('='))
      .sort()
      .join('&'),
    ...names.split(';').map((name) => `${name}:${(all[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names,
    hash(body ?? ''),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

const requests = [awsS3, awsSns, awsSqs].flatMap((connector) => [
  [`${connector.key}, its test`, connector, connector.test.request] as const,
  ...connector.actions.map((action: AnyAction) => {
    const input: unknown = action.input.parse(action.example.input);
    return [`${connector.key}.${action.name}`, connector, action.request(input)] as const;
  }),
]);
const HARD: ActionRequest = {
  method: 'PUT',
  path: pathOf(path`/b`, "a//b c+ü&=?#%'()*!~.txt"),
  query: { prefix: "a b+ü&=?#%'()*!~", delete: '' },
  headers: { 'Cache-Control': 'max-age=1,  public' },
  body: { base64: 'AP8Q', contentType: 'image/png' },
};

it.each([...requests, ['a difficult one', awsS3, HARD] as const])(
  '%s is signed as it is sent',
  (_name, connector, request) => {
    const fields = { region: 'eu-central-1' };
    const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const outgoing = authorize(buildRequest(connector, request, fields), {
      authMethod: connector.auth.accessKey,
      fields,
      now: new Date('2026-01-02T03:04:05Z'),
      credential: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey, sessionToken: 'FwoG' },
    });
    expect(outgoing.headers['authorization']).toContain(
      `Signature=${signatureOf(outgoing, secretAccessKey)}`,
    );
    expect(outgoing.headers['authorization']).toMatch(/SignedHeaders=\S*x-amz-security-token/);
  },
);
