import { HEADER_NAME_PATTERN, isForbiddenHeader } from '../../../src/contract/index.js';
import {
  checkHeaderName,
  checkHeaders,
  checkHeaderValue,
  HEADER_VALUE_LENGTH_MAX,
} from '../../../src/platform/http/index.js';

const CLIENTS_OWN = [
  ...[
    'host',
    'Host',
    'HOST',
    'content-length',
    'Content-Length',
    'transfer-encoding',
    'connection',
  ],
  ...[
    'keep-alive',
    'te',
    'trailer',
    'upgrade',
    'expect',
    'proxy-authorization',
    'proxy-connection',
  ],
  ...['proxy-authenticate', 'http2-settings', 'accept-encoding'],
];

describe('isForbiddenHeader', () => {
  it.each(CLIENTS_OWN)('forbids %s', (name) => {
    expect(isForbiddenHeader(name)).toBe(true);
  });

  it.each(['content-type', 'authorization', 'webhook-id', 'user-agent', 'x-host', 'cookie', ''])(
    'leaves %j to the caller',
    (name) => {
      expect(isForbiddenHeader(name)).toBe(false);
    },
  );
});

describe('checkHeaderName', () => {
  it.each([
    'X-Api-Key',
    'authorization',
    'x',
    "!#$%&'*+-.^_`|~0aZ",
    'a'.repeat(256),
    'x-webhook-id',
  ])('takes %s', (name) => {
    expect(() => checkHeaderName(name)).not.toThrow();
  });

  it.each([
    ...[
      '',
      ' ',
      'a b',
      'a:',
      'a:b',
      'a\r\nb',
      'a\n',
      'a\0',
      'ä',
      'a/b',
      '(a)',
      'a@b',
      '"a"',
      'a,b',
    ],
    'a'.repeat(257),
  ])('refuses %j as no token', (name) => {
    expect(() => checkHeaderName(name)).toThrow('letters, digits and hyphens');
  });

  it.each([...CLIENTS_OWN, 'content-type', 'Content-Encoding', 'content-range', 'User-Agent'])(
    'refuses %s as set by the hub',
    (name) => {
      expect(() => checkHeaderName(name)).toThrow(`The header ${name} cannot be set`);
    },
  );

  it.each(['webhook-id', 'Webhook-Signature', 'WEBHOOK-TIMESTAMP', 'webhook-anything'])(
    'refuses %s as part of the signature',
    (name) => {
      expect(() => checkHeaderName(name)).toThrow('carry the signature');
    },
  );
});

describe('checkHeaderValue', () => {
  it.each(['', 'Bearer abc', 'a\tb', '~!@#$%^&*()', 'x'.repeat(HEADER_VALUE_LENGTH_MAX)])(
    'takes %j',
    (value) => {
      expect(() => checkHeaderValue('X-A', value)).not.toThrow();
    },
  );

  it.each([
    ['a\r\nHost: b', 'no line breaks'],
    ['a\nb', 'no line breaks'],
    ['a\rb', 'no line breaks'],
    ['a\0b', 'printable ASCII'],
    ['\x7f', 'printable ASCII'],
    ['\x1b[31m', 'printable ASCII'],
    ['naïve', 'printable ASCII'],
    ['a\u2028b', 'printable ASCII'],
    [' a', 'begin or end'],
    ['a\t', 'begin or end'],
    ['x'.repeat(HEADER_VALUE_LENGTH_MAX + 1), 'longer than 4096'],
  ])('refuses %j: %s', (value, problem) => {
    expect(() => checkHeaderValue('X-A', value)).toThrow(problem);
  });

  it('never repeats the value', () => {
    const secret = 'Bearer s3cr3t\n';
    expect(() => checkHeaderValue('X-A', secret)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cr3t') }),
    );
  });
});

describe('checkHeaders', () => {
  it('takes headers that are the user’s', () => {
    expect(() => checkHeaders({ Authorization: 'Bearer a', 'X-Tenant': '7' })).not.toThrow();
    expect(() => checkHeaders({})).not.toThrow();
  });

  it.each([
    [
      { 'X-A': '1', 'x-a': '2' },
      [],
      'The header x-a cannot be set: another header has the same name',
    ],
    [
      { 'X-Sig': '1' },
      ['x-sig'],
      'The header X-Sig cannot be set: another header has the same name',
    ],
    [{ 'X-A': '1', Host: 'b' }, [], 'The header Host cannot be set'],
    [{ 'X-A': '1', 'X-B': 'a\nb' }, [], 'The value of the header X-B'],
  ])('refuses %j beside %j', (headers, reserved, problem) => {
    expect(() => checkHeaders(headers, reserved)).toThrow(problem);
  });
});

it('HEADER_NAME_PATTERN takes what isForbiddenHeader does not forbid', () => {
  const pattern = new RegExp(`^(?:${HEADER_NAME_PATTERN})$`);
  for (const name of CLIENTS_OWN) expect([name, pattern.test(name)]).toEqual([name, false]);
  for (const name of ['X-Api-Key', 'Authorization', 'hosts', 'x-host', 'team'])
    expect([name, pattern.test(name)]).toEqual([name, true]);
});
