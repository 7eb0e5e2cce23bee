import { buildRequest, failureOf } from '../../src/connectors/index.js';
import type { FailureKind } from '../../src/contract/index.js';
import { getValues } from '../../templates/google/cellValues.js';
import { stopChannel } from '../../templates/google/channels.js';
import { createEvent, deleteEvent } from '../../templates/google/events.js';
import { uploadFile } from '../../templates/google/fileContents.js';
import { google } from '../../templates/google/index.js';
import { createDraft, getAttachment } from '../../templates/google/mailbox.js';
import { sendMessage } from '../../templates/google/messages.js';
import { shareFile } from '../../templates/google/permissions.js';

/** Returns the lines of a mail without their line ends. */
function linesOf(input: Parameters<typeof sendMessage.input.parse>[0]): string[] {
  const { body } = sendMessage.request(sendMessage.input.parse(input));
  if (!body || !('json' in body)) throw new Error('It has no JSON.');
  const { raw } = body.json as { readonly raw: string };
  return Buffer.from(raw, 'base64url').toString('utf8').split('\r\n');
}

const headerOf = (lines: readonly string[], name: string) => {
  const at = lines.findIndex((line) => line.startsWith(`${name}: `));
  const folded = lines.slice(at + 1).findIndex((line) => !line.startsWith(' '));
  return at < 0 ? undefined : lines.slice(at, at + 1 + folded);
};

const to = ['jane@example.com'];

describe('a mail', () => {
  it('with text, HTML and files has nested parts', () => {
    const input = {
      from: 'Ann <ann@example.com>',
      to: ['jane@example.com', 'Doe, Sam <sam@example.com>'],
      bcc: ['boss@example.com'],
      subject: 'Report',
      text: 'Hi',
      html: '<p>Hi</p>',
      attachments: [{ filename: 'a "b".csv', contentType: 'text/csv', base64: 'YSxiCg==' }],
    };
    expect(linesOf(input)).toEqual([
      'From: Ann <ann@example.com>',
      'To: jane@example.com,',
      ' "Doe, Sam" <sam@example.com>',
      'Bcc: boss@example.com',
      'Subject: Report',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="=_mixed"',
      '',
      '--=_mixed',
      'Content-Type: multipart/alternative; boundary="=_alternative"',
      '',
      '--=_alternative',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: base64',
      '',
      'SGk=',
      '',
      '--=_alternative',
      'Content-Type: text/html; charset=UTF-8',
      'Content-Transfer-Encoding: base64',
      '',
      'PHA+SGk8L3A+',
      '',
      '--=_alternative--',
      '',
      '--=_mixed',
      'Content-Type: text/csv',
      String.raw`Content-Disposition: attachment; filename="a \"b\".csv"`,
      'Content-Transfer-Encoding: base64',
      '',
      'YSxiCg==',
      '',
      '--=_mixed--',
      '',
    ]);
  });

  // https://www.rfc-editor.org/rfc/rfc2047#section-2: 75 characters a word at most, whole characters.
  it('encodes words of other scripts', () => {
    const subject = headerOf(
      linesOf({ to, subject: `${'ü'.repeat(22)}x${'😀'.repeat(12)}` }),
      'Subject',
    );
    const words = (subject ?? []).map((line) => line.replace(/^Subject: | /, ''));
    expect(words.map((word) => word.length <= 75)).toEqual([true, true, true]);
    const decoded = words.map((word) => /^=\?UTF-8\?B\?(.+)\?=$/.exec(word)?.[1] ?? '');
    expect(decoded.map((word) => Buffer.from(word, 'base64').toString('utf8'))).toEqual([
      `${'ü'.repeat(22)}x`,
      '😀'.repeat(11),
      '😀',
    ]);
  });

  it.each<[string, string, string]>([
    ['a plain subject', 'Offer', 'Subject: Offer'],
    [
      'text that looks encoded',
      '=?UTF-8?B?SGk=?=',
      'Subject: =?UTF-8?B?PT9VVEYtOD9CP1NHaz0/PQ==?=',
    ],
  ])('keeps %s unchanged in meaning', (_case, subject, expected) => {
    expect(headerOf(linesOf({ to, subject }), 'Subject')).toEqual([expected]);
  });

  it.each<[string, string]>([
    ['Zoë <zoe@example.com>', 'To: =?UTF-8?B?Wm/Dqw==?= <zoe@example.com>'],
    ['"Zoë, Dr." <zoe@example.com>', 'To: =?UTF-8?B?Wm/DqywgRHIu?= <zoe@example.com>'],
    ['"Doe, Jane" <jane@example.com>', 'To: "Doe, Jane" <jane@example.com>'],
    [String.raw`A "B" C <jane@example.com>`, String.raw`To: "A \"B\" C" <jane@example.com>`],
    ['<jane@example.com>', 'To: jane@example.com'],
  ])('goes to %s', (address, expected) => {
    expect(headerOf(linesOf({ to: [address] }), 'To')).toEqual([expected]);
  });

  it('replies within its thread', () => {
    const lines = linesOf({ to, inReplyTo: '<1@example.com>', threadId: '18c2' });
    expect(headerOf(lines, 'In-Reply-To')).toEqual(['In-Reply-To: <1@example.com>']);
    expect(headerOf(lines, 'References')).toEqual(['References: <1@example.com>']);
  });

  it('encodes file names of other scripts', () => {
    const attachments = [
      { filename: 'Übersicht (1).pdf', contentType: 'application/pdf', base64: '' },
    ];
    expect(linesOf({ to, attachments })).toContain(
      "Content-Disposition: attachment; filename*=UTF-8''%C3%9Cbersicht%20%281%29.pdf",
    );
  });

  it('has lines of 76 characters at most', () => {
    const bodies = linesOf({ to, text: 'ä'.repeat(500) }).slice(6);
    expect(Math.max(...bodies.map(({ length }) => length))).toBe(76);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a subject with a line end', { subject: 'Hi\r\nBcc: all@example.com' }],
    ['an address with a line end', { to: ['jane@example.com\r\nBcc: all@example.com'] }],
    ['a name with a line end', { to: ['Jane\r\nBcc: all <jane@example.com>'] }],
    ['two addresses in one', { to: ['jane@example.com, all@example.com'] }],
    [
      'a file name with a line end',
      {
        attachments: [{ filename: 'a\r\nX: y', contentType: 'text/csv', base64: '' }],
      },
    ],
    [
      'a content type with more',
      {
        attachments: [{ filename: 'a', contentType: 'text/csv\r\nX: y', base64: '' }],
      },
    ],
    ['no recipient', { to: [] }],
  ])('cannot have %s', (_case, given) => {
    expect(sendMessage.input.safeParse({ to, ...given }).success).toBe(false);
  });

  it('can be a draft without a recipient', () => {
    expect(createDraft.input.safeParse({ subject: 'Later' }).success).toBe(true);
  });
});

it('returns an attachment as base64', () => {
  const body = { size: 5, data: '-_8AAQI' };
  expect(getAttachment.response?.({ status: 200, headers: {}, body })).toEqual({
    ...body,
    base64: '+/8AAQI=',
  });
});

it('uploads the metadata and the content of a file as two parts', () => {
  const input = uploadFile.input.parse({
    name: 'plan',
    base64: 'AP8NCg==',
    contentType: 'text/csv; charset=UTF-8',
    mimeType: 'application/vnd.google-apps.spreadsheet',
    parents: ['folder'],
  });
  const { headers, body } = buildRequest(google, uploadFile.request(input), {});
  const boundary = headers['content-type']?.replace('multipart/related; boundary=', '') ?? '';
  expect(boundary).toMatch(/^hub-[0-9a-f]{32}$/);
  expect(body).toEqual(
    Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n` +
          '{"name":"plan","mimeType":"application/vnd.google-apps.spreadsheet","parents":["folder"]}' +
          `\r\n--${boundary}\r\nContent-Type: text/csv; charset=UTF-8\r\n\r\n`,
      ),
      Buffer.of(0x00, 0xff, 0x0d, 0x0a),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  );
});

// https://developers.google.com/workspace/drive/api/guides/handle-errors and …/calendar/api/guides/errors
it.each<[number, string, FailureKind, boolean]>([
  [403, 'userRateLimitExceeded', 'rateLimit', true],
  [403, 'rateLimitExceeded', 'rateLimit', true],
  [403, 'dailyLimitExceeded', 'rateLimit', true],
  [429, 'rateLimitExceeded', 'rateLimit', true],
  [403, 'insufficientFilePermissions', 'permission', false],
  [403, 'storageQuotaExceeded', 'permission', false],
  [401, 'authError', 'authentication', false],
  [404, 'notFound', 'notFound', false],
  [410, 'deleted', 'notFound', false],
  [410, 'fullSyncRequired', 'conflict', false],
  [409, 'duplicate', 'conflict', false],
  [412, 'conditionNotMet', 'conflict', false],
  [400, 'badRequest', 'validation', false],
  [500, 'backendError', 'provider', true],
])('%i with %s is %s', (status, reason, kind, retryable) => {
  const error = { code: status, message: 'No', errors: [{ domain: 'global', reason }] };
  expect(failureOf(google, { status, headers: {}, body: { error } })).toMatchObject({
    kind,
    retryable,
    message: 'No',
    code: reason,
  });
});

it('reads the errors of Sheets, which have no list', () => {
  const error = { code: 429, message: "Quota exceeded for quota metric 'Read requests'" };
  const body = { error: { ...error, status: 'RESOURCE_EXHAUSTED' } };
  expect(failureOf(google, { status: 429, headers: {}, body })).toMatchObject({
    kind: 'rateLimit',
    code: 'RESOURCE_EXHAUSTED',
  });
});

describe('a moment of an event', () => {
  const day = { start: { date: '2026-05-01' }, end: { date: '2026-05-02' } };
  const created = (start: object) => createEvent.input.safeParse({ ...day, start }).success;

  it.each([
    [{ date: '2026-05-01' }, true],
    [{ dateTime: '2026-05-01T09:00:00+02:00' }, true],
    [{ dateTime: '2026-05-01T09:00:00', timeZone: 'Europe/Zurich' }, true],
    [{ dateTime: '2026-05-01T09:00:00' }, false],
    [{ date: '2026-05-01', dateTime: '2026-05-01T09:00:00Z' }, false],
    [{ timeZone: 'Europe/Zurich' }, false],
  ])('%j: %s', (start, isGood) => {
    expect(created(start)).toBe(isGood);
  });
});

it('requires the recipient of a permission according to its type', () => {
  const shared = (given: object) =>
    shareFile.input.safeParse({ fileId: 'f', role: 'reader', ...given }).success;
  expect(shared({ type: 'anyone' })).toBe(true);
  expect(shared({ type: 'domain', domain: 'example.com' })).toBe(true);
  expect(shared({ type: 'user' })).toBe(false);
  expect(shared({ type: 'anyone', emailAddress: 'jane@example.com' })).toBe(false);
});

it('accepts ranges and calendars whose names have slashes', () => {
  const range = "'Q1/Q2'!A1:B2";
  expect(getValues.request({ spreadsheetId: 's', range }).path).toBe(
    '/spreadsheets/s/values/%27Q1%2FQ2%27%21A1%3AB2',
  );
  expect(deleteEvent.request({ calendarId: 'a#b@group', eventId: 'e' }).path).toBe(
    '/calendars/a%23b%40group/events/e',
  );
});

it('ends a channel at the service where it was opened', () => {
  const at = (service: 'calendar' | 'drive') =>
    buildRequest(google, stopChannel.request({ service, id: 'c', resourceId: 'r' }), {});
  expect(at('drive').url.href).toBe('https://www.googleapis.com/drive/v3/channels/stop');
  expect(at('calendar').url.href).toBe('https://www.googleapis.com/calendar/v3/channels/stop');
  expect(at('drive').body?.toString()).toBe('{"id":"c","resourceId":"r"}');
});

it('has a limit for each action', () => {
  const counted = new Set(google.limits.budgets.flatMap(({ actions = [] }) => actions));
  expect(google.actions.map(({ name }) => name).filter((name) => !counted.has(name))).toEqual([
    // It goes to one of two services.
    'stopChannel',
  ]);
});
