import { authorize, buildRequest } from '../../src/connectors/index.js';
import { encodeBody, encodeForm } from '../../src/connectors/request/encodeBody.js';
import { signAws } from '../../src/connectors/request/signAws.js';
import type { AuthSpec } from '../../src/contract/index.js';
import {
  joinPath,
  path,
  pathOf,
  PathValueRefused,
  problemOfField,
} from '../../src/contract/index.js';

const NOW = new Date('2026-01-02T03:04:05.000Z');
const CONNECTOR = {
  key: 'c',
  servers: { api: 'https://{shop}.example.com/v1', files: 'https://files.example.com' },
};

describe('a path', () => {
  it('has each value encoded as one segment', () => {
    expect(path`/repos/${'a b'}/${'x/y?z#é'}/${7}`).toBe('/repos/a%20b/x%2Fy%3Fz%23%C3%A9/7');
    expect(path`/x/${"!'()*~-._"}`).toBe('/x/%21%27%28%29%2A~-._');
    expect(pathOf(path`/${'bucket'}`, 'folder/a b')).toBe('/bucket/folder/a%20b');
    expect(joinPath(path`/users/${'a/b'}`, path`/mail/${'c=='}`)).toBe('/users/a%2Fb/mail/c%3D%3D');
  });

  it.each(['', '.', '..', 'a\0b', 'a\nb'])('refuses %j, which is not a path segment', (value) => {
    expect(() => path`/repos/${value}`).toThrow(PathValueRefused);
  });

  it.each(['../x', 'a/../b', 'a/./b'])('refuses segments such as %j', (value) => {
    expect(() => pathOf(path`/bucket`, value)).toThrow(PathValueRefused);
  });
});

describe('a request', () => {
  it('goes to a URL unchanged when the action has no path', () => {
    const connector = { key: 'c', servers: { api: '{url}' } };
    const to = (url: string, where = path``) =>
      buildRequest(connector, { method: 'GET', path: where }, { url, below: '/x/' }).url.href;
    expect(to('https://example.com/graphql/')).toBe('https://example.com/graphql/');
    expect(to('https://example.com/graphql')).toBe('https://example.com/graphql');
    expect(to('https://example.com/v1/', path`/me`)).toBe('https://example.com/v1/me');
    expect(to('https://example.com/v1', path`{below}`)).toBe('https://example.com/v1/x/');
    // Only the connector's own text has slots.
    expect(to('https://example.com', path`/${'{below}'}`)).toBe('https://example.com/%7Bbelow%7D');
  });

  it('is refused with a sentence where the fields give no valid server address', () => {
    const connector = { key: 'c', servers: { api: 'https://{host}:{port}' } };
    const request = { method: 'GET', path: path`/` } as const;
    expect(() => buildRequest(connector, request, { host: 'a', port: 'b' })).toThrow(
      'Some fields are not valid. host, port give no valid server address.',
    );
  });

  it('goes to the server that the action names, with its query and body', () => {
    const sent = buildRequest(
      CONNECTOR,
      {
        method: 'POST',
        path: path`/a`,
        query: { q: 'x y', no: undefined, many: [1, 2] },
        body: { json: { a: 1 } },
      },
      { shop: 'acme' },
    );
    expect(sent.url.href).toBe('https://acme.example.com/v1/a?q=x+y&many=1&many=2');
    expect(sent.headers['content-type']).toBe('application/json');
    expect(sent.body?.toString()).toBe('{"a":1}');
    const file = buildRequest(CONNECTOR, { method: 'GET', server: 'files', path: path`/b` }, {});
    expect(file.url.href).toBe('https://files.example.com/b');
    expect(file.body).toBeUndefined();
  });

  it('cannot be made without a field that its server needs', () => {
    expect(() => buildRequest(CONNECTOR, { method: 'GET', path: path`/` }, {})).toThrow(
      /no value for the field shop/,
    );
    expect(() => buildRequest(CONNECTOR, { method: 'GET', path: path`/` }, { shop: '' })).toThrow(
      /no value for the field shop/,
    );
  });
});

describe('a field', () => {
  const host = { title: 'Shop', type: 'host' } as const;
  it.each([
    ['acme', undefined],
    ['my-shop.eu', undefined],
    ['evil.com/', /part of a host name/],
    ['a@b', /part of a host name/],
    ['a:80', /part of a host name/],
    ['-a', /part of a host name/],
    ['a#', /part of a host name/],
    ['', /missing/],
    [7, /must be text/],
  ])('of type host: %j', (value, problem) => {
    const message = problemOfField('shop', host, value);
    if (problem) expect(message).toMatch(problem);
    else expect(message).toBeUndefined();
  });

  it.each([
    ['https://api.example.com/v1', undefined],
    // The hub's options decide which targets may use http.
    ['http://api.example.com', undefined],
    ['ftp://api.example.com', /begins with https/],
    ['https://user:pw@example.com', /no credentials/],
    ['https://example.com/?a=1', /query/],
    ['javascript:alert(1)', /begins with https/],
    ['example.com', /begins with https/],
  ])('of type url: %j', (value, problem) => {
    const message = problemOfField('url', { title: 'URL', type: 'url' }, value);
    if (problem) expect(message).toMatch(problem);
    else expect(message).toBeUndefined();
  });

  it('matches its pattern as a whole, and no refusal repeats a value', () => {
    const key = { title: 'Key', type: 'secret', pattern: 'sk_[a-z]+', example: 'sk_…' } as const;
    expect(problemOfField('key', key, 'sk_abc')).toBeUndefined();
    for (const value of ['x sk_abc', 'sk_abc\r\nX: y', 'canary'])
      expect(problemOfField('key', key, value)).toMatch(/^key (?!.*canary)/);
    expect(problemOfField('key', { ...key, required: false }, undefined)).toBeUndefined();
    const choice = { title: 'Region', type: 'choice', choices: ['eu', 'us'] } as const;
    expect(problemOfField('region', choice, 'mars')).toBe('region must be one of eu, us');
  });
});

describe('a body', () => {
  it.each([
    [{ a: 1, b: true, c: 'x y' }, 'a=1&b=true&c=x+y'],
    [{ a: undefined, b: null }, 'b='],
    [{ metadata: { key: 'v' } }, 'metadata%5Bkey%5D=v'],
    [
      { items: [{ price: 'p', quantity: 2 }] },
      'items%5B0%5D%5Bprice%5D=p&items%5B0%5D%5Bquantity%5D=2',
    ],
  ])('as a form: %j', (values, text) => {
    expect(encodeForm(values)).toBe(text);
  });

  it('in parts, none of which can end its header or begin another', () => {
    const { bytes, contentType } = encodeBody(
      {
        multipart: [
          { name: 'purpose', content: { text: 'fine' } },
          {
            name: 'file',
            filename: 'a"\r\nX-Evil: 1.txt',
            contentType: 'text/plain\r\nX: y',
            content: { base64: 'aGk=' },
          },
        ],
      },
      'b',
    );
    expect(contentType).toBe('multipart/form-data; boundary=b');
    expect(bytes.toString()).toBe(
      '--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine\r\n' +
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a%22%0D%0AX-Evil: 1.txt"\r\n' +
        'Content-Type: text/plainX: y\r\n\r\nhi\r\n--b--\r\n',
    );
  });
});

describe('a credential', () => {
  const PUBLISHED = {
    service: 's3',
    region: 'us-east-1',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    now: new Date('2013-05-24T00:00:00Z'),
  };
  const bare = buildRequest(CONNECTOR, { method: 'GET', path: path`/a` }, { shop: 'acme' });
  const with_ = (authMethod: AuthSpec, credential: Record<string, string>) =>
    authorize(bare, {
      authMethod,
      credential,
      fields: { shop: 'acme', region: 'us-east-1' },
      now: NOW,
    });

  it.each<[string, AuthSpec, Record<string, string>, string]>([
    ['bearer', { kind: 'bearer', token: { title: 'T' } }, { token: 't' }, 'Bearer t'],
    // https://www.rfc-editor.org/rfc/rfc7617#section-2
    [
      'basic',
      {
        kind: 'basic',
        username: { title: 'U', type: 'text' },
        password: { title: 'P', type: 'secret' },
      },
      { username: 'Aladdin', password: 'open sesame' },
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    ],
    [
      'basic with a fixed half',
      { kind: 'basic', username: { title: 'Key', type: 'secret' }, password: { fixed: '' } },
      { username: 'sk_test' },
      `Basic ${Buffer.from('sk_test:').toString('base64')}`,
    ],
  ])('%s is a header', (_name, authMethod, credential, header) => {
    expect(with_(authMethod, credential).headers['authorization']).toBe(header);
  });

  it('is a header or a parameter of another name', () => {
    const key = { title: 'K' };
    const inQuery = with_(
      { kind: 'apiKey', key, location: { in: 'query', name: 'api_key' } },
      { key: 'a&b' },
    );
    expect(inQuery.url.search).toBe('?api_key=a%26b');
    const inHeader = with_(
      { kind: 'apiKey', key, location: { in: 'header', name: 'X-Key' } },
      { key: 'k' },
    );
    expect(inHeader.headers['x-key']).toBe('k');
    expect(bare.url.search).toBe('');
  });

  it('is refused when it is missing', () => {
    expect(() => with_({ kind: 'bearer', token: { title: 'T' } }, {})).toThrow(
      /has no value for the field token/,
    );
  });

  // https://www.rfc-editor.org/rfc/rfc5849#section-3.1 shows the parameters; the signature is that of section 3.4.2 with
  // HMAC-SHA1 over the base string of section 3.4.1.1, as https://developer.x.com/en/docs/authentication/oauth-1-0a/creating-a-signature works it out.
  it('signs by OAuth 1.0a as the published example', async () => {
    const { signOAuth1 } = await import('../../src/connectors/request/oauth1.js');
    const signed = signOAuth1(
      {
        method: 'POST',
        url: new URL('https://api.twitter.com/1.1/statuses/update.json?include_entities=true'),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(
          'status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21',
        ),
      },
      {
        authMethod: { signatureMethod: 'HMAC-SHA1' },
        credential: {
          consumerKey: 'xvz1evFS4wEEPTGEFPHBog',
          consumerSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
          token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
          tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
        },
        now: new Date(1_318_622_958_000),
        nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
      },
    );
    expect(signed.headers['authorization']).toContain(
      'oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"',
    );
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: "GET Bucket Lifecycle", "GET Bucket (List
  // Objects)"
  it.each([
    ['?lifecycle=', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['?max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('signs by AWS Signature Version 4 as published: %s', (at, signature) => {
    const signed = signAws(
      {
        method: 'GET',
        url: new URL(at, 'https://examplebucket.s3.amazonaws.com/'),
        headers: {},
      },
      PUBLISHED,
    );
    expect(signed.headers['authorization']).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
    );
  });

  it('sends a space as it was signed', () => {
    const url = new URL('https://examplebucket.s3.amazonaws.com/');
    url.searchParams.set('prefix', 'a b+c');
    const signed = signAws({ method: 'GET', url, headers: {} }, PUBLISHED);
    expect(signed.url.search).toBe('?prefix=a%20b%2Bc');
  });

  it('signs for the service that a server belongs to', () => {
    const authMethod: AuthSpec = {
      kind: 'awsSigV4',
      service: 's3',
      regionField: 'region',
      services: { files: 'sts' },
    };
    const credential = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
    const fields = { shop: 'acme', region: 'us-east-1' };
    const scopeOf = (server?: string) => {
      const request = { method: 'GET', path: path`/a`, ...(server && { server }) } as const;
      const outgoing = buildRequest(CONNECTOR, request, fields);
      const { headers } = authorize(outgoing, { authMethod, credential, fields, now: NOW });
      return /us-east-1\/(\w+)\//.exec(headers['authorization'] ?? '')?.[1];
    };
    expect([scopeOf(), scopeOf('api'), scopeOf('files')]).toEqual(['s3', 's3', 'sts']);
  });
});
