import { failureOf, identityOf, limitSigns } from '../../src/connectors/index.js';
import { transcribeAudio } from '../../templates/openai/audio.js';
import { createChatCompletion } from '../../templates/openai/chat.js';
import { downloadFile } from '../../templates/openai/files.js';
import { openai } from '../../templates/openai/index.js';

const NOW = new Date('2026-01-02T03:04:05Z');

it('reports the wait with amounts and units', () => {
  const { headers = {} } = createChatCompletion.example.response;
  expect(limitSigns(openai.limits.headers, { headers }, NOW)).toEqual({
    limit: 60,
    remaining: 59,
    resetsAt: new Date('2026-01-02T03:04:06Z'),
  });
});

describe('429', () => {
  const of = (code: string) =>
    failureOf(openai, {
      status: 429,
      headers: {},
      body: { error: { message: 'No', type: code, param: null, code } },
    });

  it('is retried after too many requests', () => {
    expect(of('rate_limit_exceeded')).toMatchObject({ kind: 'rateLimit', retryable: true });
    expect(of('unheard_of')).toMatchObject({ kind: 'rateLimit', retryable: true });
  });

  it.each(['insufficient_quota', 'credit_balance_exhausted'])('is not retried after %s', (code) => {
    expect(of(code)).toMatchObject({ kind: 'permission', retryable: false });
  });
});

it('identifies the owner of a key only in a header', () => {
  const body: unknown = openai.test.example.body;
  expect(identityOf(openai.test, { headers: { 'openai-organization': 'acme' }, body })).toEqual({
    id: 'acme',
  });
  expect(identityOf(openai.test, { headers: {}, body })).toBeUndefined();
});

it('returns a transcript as text in every format', () => {
  const given = (body: unknown) => transcribeAudio.response?.({ status: 200, headers: {}, body });
  expect(given('1\n00:00:00,000 --> 00:00:02,000\nHello')).toEqual({
    text: '1\n00:00:00,000 --> 00:00:02,000\nHello',
  });
  expect(given({ text: 'Hello', duration: 2 })).toEqual({ text: 'Hello', duration: 2 });
});

it.each<[string, unknown, unknown]>([
  ['text', 'a,b\n', { text: 'a,b\n' }],
  ['JSON', { a: 1 }, { json: { a: 1 } }],
  ['nothing', null, { json: null }],
  [
    'bytes',
    { base64: 'AA==', contentType: 'image/png' },
    { base64: 'AA==', contentType: 'image/png' },
  ],
])('returns a file that is %s', (_case, body, expected) => {
  const given = downloadFile.response?.({ status: 200, headers: {}, body });
  expect(given).toEqual(expected);
  expect(downloadFile.output.safeParse(given).success).toBe(true);
});
