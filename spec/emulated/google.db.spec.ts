import { google } from '../../templates/google/index.js';
import type { Json } from '../support/hub.js';
import { at } from './at.js';
import { recordRequests } from './requests.js';
import { CLIENT, type Input, startWorld, type World } from './world.js';

const HOUR = 3_600_000;
const WORK = { calendarId: 'work' };

// The emulator lacks Sheets, service accounts, permissions, Drive's changes, channels, deleting and copying files, and
// reading and changing one event: these are not tested. It refuses no token, because it accepts an unknown one as that of
// its first account.
describe('Google Workspace', () => {
  let world: World;
  let connectionId: string;
  let integration: string;
  beforeAll(async () => {
    world = await startWorld({
      service: 'google',
      connectors: (url) => [
        at(google, {
          servers: {
            gmail: `${url}/gmail/v1`,
            calendar: `${url}/calendar/v3`,
            drive: `${url}/drive/v3`,
            upload: `${url}/upload/drive/v3`,
            openid: `${url}/oauth2/v2`,
          },
          consent: {
            oauth: {
              authorizeUrl: `${url}/o/oauth2/v2/auth`,
              tokenUrl: `${url}/oauth2/token`,
              revokeUrl: `${url}/oauth2/revoke`,
            },
          },
        }),
      ],
      seed: (callback) => ({
        users: [
          { email: 'grace@example.com', name: 'Grace Hopper' },
          { email: 'ada@example.com', name: 'Ada Lovelace' },
        ],
        oauth_clients: [
          {
            client_id: CLIENT.clientId,
            client_secret: CLIENT.clientSecret,
            name: 'The hub',
            redirect_uris: [callback],
          },
        ],
        messages: [
          {
            id: 'm1',
            user_email: 'ada@example.com',
            subject: 'Engine',
            body_text: 'Notes',
            from: 'charles@example.com',
            to: 'ada@example.com',
          },
        ],
        calendars: [{ id: 'work', user_email: 'ada@example.com', summary: 'Work' }],
      }),
    });
    connectionId = await connect('ada@example.com');
    integration = await world.integrate('googleEmulated', connectionId);
  });
  afterAll(() => world.stop());

  const connect = (login: string) => world.connectByConsent('googleEmulated', login);
  const call = (action: string, input: Input = {}) => world.call(integration, action, input);
  const headersOf = ({ payload }: Json) =>
    Object.fromEntries(payload.headers.map(({ name, value }: Json) => [name, value]));

  it('is connected by the consent of the user who signs in there, tested and disconnected', async () => {
    const id = await connect('grace@example.com');
    const { connection } = await world.client().testConnection({ connectionId: id });
    expect(connection).toMatchObject({
      state: 'connected',
      identity: { name: 'grace@example.com' },
      grantedScopes: expect.arrayContaining(['openid']),
    });
    const requests = recordRequests();
    const left = await world.client().disconnectConnection({ connectionId: id });
    requests.stop();
    expect(left.connection.state).toBe('disconnected');
    expect(requests.lines).toContain('POST /oauth2/revoke 200');
  });

  it('refuses the client with a wrong secret', async () => {
    const page = await world.consentInVain('googleEmulated', 'ada@example.com');
    expect(page).toContain('The client_secret is incorrect.');
  });

  it('handles mail: sent with an attachment, read, found, labeled, moved to the bin', async () => {
    const sent = await call('sendMessage', {
      to: ['Charles <charles@example.com>'],
      subject: 'Grüße & more',
      text: 'Hello 👋',
      attachments: [{ filename: 'a.csv', contentType: 'text/csv', base64: 'YSxiCg==' }],
    });
    const read = await call('getMessage', { id: sent.id });
    expect(headersOf(read)).toMatchObject({ To: expect.stringContaining('charles@example.com') });
    const text = read.payload.parts.find(({ mimeType }: Json) => mimeType === 'text/plain');
    expect(Buffer.from(text.body.data, 'base64url').toString()).toBe('Hello 👋');
    const part = read.payload.parts.find(({ filename }: Json) => filename === 'a.csv');
    const file = { messageId: sent.id, id: part.body.attachmentId };
    expect(await call('getAttachment', file)).toMatchObject({ base64: 'YSxiCg==' });

    const { messages } = await call('listMessages', { q: 'from:charles@example.com' });
    expect(messages.map(({ id }: Json) => id)).toEqual(['m1']);
    const label = await call('createLabel', { name: 'Engines' });
    const { labels } = await call('listLabels');
    expect(labels).toContainEqual(expect.objectContaining({ id: label.id, name: 'Engines' }));
    await call('modifyMessage', {
      id: 'm1',
      addLabelIds: [label.id],
      removeLabelIds: ['UNREAD'],
    });
    const { labelIds } = await call('getMessage', { id: 'm1' });
    expect(labelIds).toContain(label.id);
    expect(labelIds).not.toContain('UNREAD');
    await call('trashMessage', { id: 'm1' });
    expect((await call('listMessages', { labelIds: ['INBOX'] })).messages).toEqual([]);
    const nothing = world.callInVain(integration, 'getMessage', { id: 'm9' });
    expect(await nothing).toMatchObject({ code: 8012 });
  });

  it('handles drafts and threads', async () => {
    const mail = { to: ['charles@example.com'], subject: 'Draft', text: 'Soon' };
    const draft = await call('createDraft', mail);
    const sent = await call('sendDraft', { id: draft.id });
    const thread = await call('getThread', { id: sent.threadId });
    expect(thread.messages).toHaveLength(1);
    expect(headersOf(thread.messages[0])).toMatchObject({ Subject: 'Draft' });
    const twice = world.callInVain(integration, 'sendDraft', { id: draft.id });
    expect(await twice).toMatchObject({ code: 8012 });
  });

  it('handles events: created, listed page by page, found busy, deleted', async () => {
    const { items: calendars } = await call('listCalendars');
    expect(calendars).toContainEqual(expect.objectContaining({ id: 'work', summary: 'Work' }));
    const plan = (summary: string, hour: string) =>
      call('createEvent', {
        ...WORK,
        summary,
        start: { dateTime: `2026-05-04T${hour}:00:00Z` },
        end: { dateTime: `2026-05-04T${hour}:30:00Z` },
        location: 'Room 1',
        attendees: [{ email: 'charles@example.com' }],
      });
    const [first, second] = [await plan('First', '10'), await plan('Second', '12')];
    const day = { timeMin: '2026-05-04T00:00:00Z', timeMax: '2026-05-05T00:00:00Z' };
    const request = {
      integrationId: integration,
      action: 'listEvents',
      input: { ...WORK, ...day, singleEvents: true, orderBy: 'startTime', maxResults: 1 },
    };
    const page = await world.client().executeIntegration(request);
    expect((page.output as Json).items).toMatchObject([{ id: first.id, location: 'Room 1' }]);
    const next = await world.client().executeIntegration({ ...request, cursor: page.nextCursor });
    expect((next.output as Json).items).toMatchObject([{ id: second.id, summary: 'Second' }]);
    await call('deleteEvent', { ...WORK, eventId: first.id });
    const { calendars: busy } = await call('queryFreeBusy', { ...day, items: [{ id: 'work' }] });
    expect(busy.work.busy).toHaveLength(1);
  });

  it('handles files: uploaded to a folder, read, renamed, listed', async () => {
    const folder = await call('createFolder', { name: 'Reports' });
    const file = await call('uploadFile', {
      name: 'report.csv',
      base64: 'YSxiCjEsMgo=',
      contentType: 'text/csv',
      parents: [folder.id],
    });
    const one = { fileId: file.id };
    expect(await call('getFile', one)).toMatchObject({ name: 'report.csv', mimeType: 'text/csv' });
    expect(await call('downloadFile', one)).toMatchObject({ text: 'a,b\n1,2\n' });
    await call('updateFile', { ...one, name: 'may.csv' });
    const { files } = await call('listFiles', { q: `'${folder.id}' in parents` });
    expect(files).toMatchObject([{ id: file.id, name: 'may.csv' }]);
  });

  it('has its expired token refreshed once', async () => {
    world.hub.clock.advance(2 * HOUR);
    const requests = recordRequests();
    await Promise.all([1, 2, 3, 4, 5].map(() => call('listLabels')));
    requests.stop();
    const refreshed = requests.lines.filter((line) => line.includes('/token'));
    expect(refreshed).toEqual(['POST /oauth2/token 200']);
    const { expiresAt } = await world.connectionOf(connectionId);
    expect(Date.parse(expiresAt)).toBeGreaterThan(world.hub.clock.now().getTime());
  });
});
