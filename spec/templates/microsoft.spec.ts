import { buildRequest, failureOf, nextPage, testOf } from '../../src/connectors/index.js';
import type { FailureKind } from '../../src/contract/index.js';
import { createChat } from '../../templates/microsoft/chats.js';
import { listEvents } from '../../templates/microsoft/events.js';
import { microsoft } from '../../templates/microsoft/index.js';
import { listMessages, replyToMessage, sendMail } from '../../templates/microsoft/mail.js';
import { listUsers } from '../../templates/microsoft/people.js';

const FIELDS = { tenant: 'common' };

it('is tested by the user, or without one by the organization', () => {
  expect(testOf(microsoft, 'oauth').request.path).toBe('/me');
  expect(testOf(microsoft, 'app').request.path).toBe('/organization');
});

it('uses the given mailbox, or the account’s own', () => {
  const at = (input: object) => listMessages.request(listMessages.input.parse(input)).path;
  expect(at({})).toBe('/me/messages');
  expect(at({ userId: 'ann@example.com' })).toBe('/users/ann%40example.com/messages');
  expect(at({ userId: 'u/../1', folderId: 'inbox' })).toBe(
    '/users/u%2F..%2F1/mailFolders/inbox/messages',
  );
});

it('continues only at the documented link', () => {
  const sent = buildRequest(microsoft, listMessages.request({}), FIELDS);
  const next = (link: unknown) =>
    nextPage({ kind: 'link', items: '/value', next: '/@odata.nextLink' }, sent, {
      status: 200,
      headers: {},
      body: { value: [], '@odata.nextLink': link },
    });
  const url = 'https://graph.microsoft.com/v1.0/me/messages?$select=sender,subject&$skip=10';
  expect(next(url)).toEqual({ kind: 'url', url });
  expect(next('https://graph.microsoft.example/v1.0/me/messages?$skip=10')).toBeUndefined();
  expect(next(undefined)).toBeUndefined();
});

describe('preferences', () => {
  const headers = (input: object) =>
    buildRequest(microsoft, listEvents.request(listEvents.input.parse(input)), FIELDS).headers;

  it('are one header, or none', () => {
    expect(headers({})).toEqual({ accept: 'application/json' });
    expect(headers({ timeZone: 'Europe/Zurich', bodyContentType: 'text' })['prefer']).toBe(
      'outlook.timezone="Europe/Zurich", outlook.body-content-type="text"',
    );
  });

  it.each(['UTC", x="y', 'UTC\r\nX: y', ''])('cannot be %j', (timeZone) => {
    expect(listEvents.input.safeParse({ timeZone }).success).toBe(false);
  });
});

it('lists people with the headers of advanced queries only when needed', () => {
  const sent = (input: object) => {
    const { url, headers } = buildRequest(
      microsoft,
      listUsers.request(listUsers.input.parse(input)),
      FIELDS,
    );
    return [url.searchParams.get('$count'), headers['consistencylevel']];
  };
  expect(sent({ search: '"displayName:wa"' })).toEqual(['true', 'eventual']);
  expect(sent({ filter: "startswith(mail,'a')", orderby: 'mail' })).toEqual(['true', 'eventual']);
  expect(sent({ filter: "startswith(mail,'a')" })).toEqual([null, undefined]);
  expect(sent({ orderby: 'mail' })).toEqual([null, undefined]);
});

it('doubles a quote in a name', () => {
  const members = [{ userId: "o'neil@example.com" }, { userId: 'ann@example.com' }];
  const { body } = createChat.request(createChat.input.parse({ chatType: 'oneOnOne', members }));
  expect(body).toMatchObject({
    json: {
      members: [
        {
          'user@odata.bind': "https://graph.microsoft.com/v1.0/users('o''neil@example.com')",
        },
        { 'user@odata.bind': "https://graph.microsoft.com/v1.0/users('ann@example.com')" },
      ],
    },
  });
});

it('replies with a comment or with a body', () => {
  const accepts = (given: object) =>
    replyToMessage.input.safeParse({ messageId: 'm', ...given }).success;
  const body = { content: 'Hi' };
  expect(accepts({ comment: 'Hi' })).toBe(true);
  expect(accepts({ message: { body } })).toBe(true);
  expect(accepts({ comment: 'Hi', message: { importance: 'high' } })).toBe(true);
  expect(accepts({ comment: 'Hi', message: { body } })).toBe(false);
});

it('requires a recipient, and accepts only custom headers', () => {
  const accepts = (message: object) =>
    sendMail.input.safeParse({
      message: { toRecipients: [{ emailAddress: { address: 'ann@example.com' } }], ...message },
    }).success;
  expect(accepts({})).toBe(true);
  expect(accepts({ toRecipients: [] })).toBe(false);
  expect(accepts({ internetMessageHeaders: [{ name: 'x-id', value: '1' }] })).toBe(true);
  expect(accepts({ internetMessageHeaders: [{ name: 'Bcc', value: 'a@b.c' }] })).toBe(false);
});

// https://learn.microsoft.com/graph/errors
it.each<[number, string, FailureKind, boolean]>([
  [401, 'InvalidAuthenticationToken', 'authentication', false],
  [403, 'ErrorAccessDenied', 'permission', false],
  [404, 'MailboxNotEnabledForRESTAPI', 'permission', false],
  [404, 'ErrorItemNotFound', 'notFound', false],
  [400, 'ErrorInvalidIdMalformed', 'validation', false],
  [409, 'nameAlreadyExists', 'conflict', false],
  [410, 'syncStateNotFound', 'conflict', false],
  [423, 'unheardOf', 'conflict', true],
  [429, 'ApplicationThrottled', 'rateLimit', true],
  [429, 'unheardOf', 'rateLimit', true],
  [503, 'serviceNotAvailable', 'provider', true],
  [507, 'quotaLimitReached', 'permission', false],
  [509, 'unheardOf', 'rateLimit', true],
])('%i with %s is %s', (status, code, kind, retryable) => {
  const body = { error: { code, message: 'No', innerError: { 'request-id': 'r' } } };
  expect(failureOf(microsoft, { status, headers: {}, body })).toMatchObject({
    kind,
    code,
    retryable,
    message: 'No',
  });
});
