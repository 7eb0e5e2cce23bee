import { failureOf } from '../../src/connectors/index.js';
import type { FailureKind, FailureSpec, ProviderResponse } from '../../src/contract/index.js';

const response = (
  status: number,
  body: unknown = null,
  headers: ProviderResponse['headers'] = {},
): ProviderResponse => ({ status, headers, body });

const of = (failures: FailureSpec, given: ProviderResponse) => failureOf({ failures }, given);

describe('by status alone', () => {
  it.each<[number, FailureKind, boolean]>([
    [400, 'validation', false],
    [401, 'authentication', false],
    [402, 'permission', false],
    [403, 'permission', false],
    [404, 'notFound', false],
    [405, 'validation', false],
    [408, 'provider', true],
    [409, 'conflict', false],
    [410, 'notFound', false],
    [412, 'conflict', false],
    [413, 'validation', false],
    [422, 'validation', false],
    [425, 'validation', true],
    [429, 'rateLimit', true],
    [500, 'provider', true],
    [501, 'provider', false],
    [502, 'provider', true],
    [503, 'provider', true],
    [504, 'provider', true],
    // A redirect that was not followed is not a success.
    [304, 'provider', false],
  ])('%i is %s', (status, kind, retryable) => {
    expect(failureOf({}, response(status))).toEqual({ kind, status, retryable });
  });

  it.each([200, 201, 202, 204, 206])('%i is a success', (status) => {
    expect(failureOf({}, response(status, { error: 'not in the spec' }))).toBeUndefined();
  });

  it('may have another meaning at a service, which may also retry other statuses', () => {
    const failures: FailureSpec = { statuses: { 402: 'validation' }, retryStatuses: [409] };
    expect(of(failures, response(402))).toMatchObject({ kind: 'validation' });
    expect(of(failures, response(409))).toMatchObject({ kind: 'conflict', retryable: true });
    expect(of(failures, response(503))).toMatchObject({ kind: 'provider', retryable: false });
    expect(of(failures, response(429))).toMatchObject({ kind: 'rateLimit', retryable: true });
  });
});

describe('by the body', () => {
  const STRIPE: FailureSpec = {
    code: ['/error/code', '/error/type'],
    message: ['/error/message'],
    codes: { resource_missing: 'notFound', idempotency_error: 'conflict', '': 'system' },
  };

  it.each<[string, unknown, FailureKind, string | undefined]>([
    ['its code', { error: { code: 'resource_missing' } }, 'notFound', 'resource_missing'],
    [
      'the first that is present',
      { error: { type: 'idempotency_error' } },
      'conflict',
      'idempotency_error',
    ],
    [
      'the first, though the second is known',
      { error: { code: 'other', type: 'idempotency_error' } },
      'validation',
      'other',
    ],
    ['a code that is a number', { error: { code: 17 } }, 'validation', '17'],
    ['no code', { error: { message: 'No' } }, 'validation', undefined],
    ['an empty code', { error: { code: '', type: '' } }, 'validation', undefined],
    ['a code of another shape', { error: { code: ['resource_missing'] } }, 'validation', undefined],
    [
      'a name that every object has',
      { error: { code: 'constructor' } },
      'validation',
      'constructor',
    ],
    ['no object', null, 'validation', undefined],
    ['a list', [], 'validation', undefined],
  ])('%s', (_case, body, kind, code) => {
    const failure = of(STRIPE, response(400, body));
    expect(failure?.kind).toBe(kind);
    expect(failure?.code).toBe(code);
  });

  it.each<[FailureKind, boolean]>([
    ['validation', false],
    ['authentication', false],
    ['permission', false],
    ['notFound', false],
    ['conflict', true],
    ['rateLimit', true],
    ['provider', true],
    ['system', true],
  ])('of a code that means %s, 429 is tried again: %s', (kind, retryable) => {
    const failures: FailureSpec = { code: ['/error/code'], codes: { known: kind } };
    expect(of(failures, response(429, { error: { code: 'known' } }))).toMatchObject({
      kind,
      retryable,
    });
  });

  it('has its message, truncated', () => {
    const failure = of(
      STRIPE,
      response(400, { error: { message: 'x'.repeat(600), code: 'y'.repeat(200) } }),
    );
    expect(failure?.message).toHaveLength(500);
    expect(failure?.code).toHaveLength(100);
  });

  it('takes plain text as the message, but not a page', () => {
    expect(of({}, response(500, 'upstream timed out'))?.message).toBe('upstream timed out');
    expect(of({}, response(502, ' <html>Bad gateway</html>'))?.message).toBeUndefined();
  });
});

describe('with a good status', () => {
  const SLACK: FailureSpec = {
    when: { at: '/ok', is: false },
    code: ['/error'],
    codes: { ratelimited: 'rateLimit', invalid_auth: 'authentication' },
  };

  it('is a failure when the body says so', () => {
    expect(of(SLACK, response(200, { ok: false, error: 'invalid_auth' }))).toEqual({
      kind: 'authentication',
      status: 200,
      retryable: false,
      code: 'invalid_auth',
    });
    expect(of(SLACK, response(200, { ok: false, error: 'ratelimited' }))?.retryable).toBe(true);
  });

  it.each<[string, unknown]>([
    ['says it went well', { ok: true }],
    ['does not say', {}],
    ['says something like it', { ok: 'false' }],
    ['is nothing', null],
  ])('is a success when the body %s', (_case, body) => {
    expect(of(SLACK, response(200, body))).toBeUndefined();
  });

  it('is a failure when there is a value at the pointer', () => {
    const failures: FailureSpec = { when: { at: '/errors' } };
    expect(of(failures, response(200, { errors: [] }))).toMatchObject({ kind: 'provider' });
    expect(of(failures, response(200, { errors: null }))).toBeUndefined();
    expect(of(failures, response(200, { data: {} }))).toBeUndefined();
  });
});

describe('too many requests under another status', () => {
  const GITHUB: FailureSpec = {
    message: ['/message'],
    codes: { blocked: 'permission' },
    code: ['/code'],
    statuses: { 403: 'permission' },
    tooMany: {
      statuses: [403],
      headers: [{ name: 'Retry-After' }, { name: 'x-ratelimit-remaining', is: '0' }],
      messageHas: 'secondary rate limit',
    },
  };
  const SECONDARY = { message: 'You have exceeded a secondary rate limit.' };

  it.each<[string, ProviderResponse]>([
    ['a header that is there', response(403, {}, { 'retry-after': '60' })],
    ['a header with the value', response(403, {}, { 'x-ratelimit-remaining': '0' })],
    ['the message', response(403, SECONDARY)],
  ])('is recognized by %s', (_case, given) => {
    expect(of(GITHUB, given)).toMatchObject({ kind: 'rateLimit', retryable: true });
  });

  it.each<[string, ProviderResponse, FailureKind]>([
    ['there is no sign', response(403, { message: 'Not accessible' }), 'permission'],
    [
      'the header says otherwise',
      response(403, {}, { 'x-ratelimit-remaining': '1' }),
      'permission',
    ],
    ['the status is another', response(404, SECONDARY, { 'retry-after': '60' }), 'notFound'],
    ['a code is known', response(403, { ...SECONDARY, code: 'blocked' }), 'permission'],
  ])('is not when %s', (_case, given, kind) => {
    expect(of(GITHUB, given)).toMatchObject({ kind, retryable: false });
  });

  it('is not reported for a successful response', () => {
    expect(of(GITHUB, response(200, SECONDARY, { 'x-ratelimit-remaining': '0' }))).toBeUndefined();
  });
});
