import { twilio } from '../../templates/twilio/index.js';
import type { Json } from '../support/hub.js';
import { at } from './at.js';
import { type Input, refusal, startWorld, type World } from './world.js';

const ACCOUNT = `AC${'0'.repeat(31)}1`;
const KEY = { username: `SK${'0'.repeat(31)}2`, password: 'secret-of-the-key' };
const TOKEN = { username: ACCOUNT, password: '0123456789abcdef0123456789abcdef' };
const OURS = '+15551234567';
const THEIRS = '+15550002222';

// The emulator lacks Lookups, so lookupPhoneNumber is not tested.
describe('Twilio', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      service: 'twilio',
      connectors: (url) => [
        at(twilio, {
          servers: {
            api: `${url}/2010-04-01/Accounts/{accountSid}`,
            verify: `${url}/verify`,
            lookups: `${url}/lookups`,
          },
        }),
      ],
      seed: () => ({
        account: { sid: ACCOUNT, auth_token: TOKEN.password, friendly_name: 'Acme' },
        api_keys: [{ sid: KEY.username, secret: KEY.password }],
        phone_numbers: [{ phone_number: OURS, friendly_name: 'Ours' }],
        verify_services: [{ friendly_name: 'Acme', code: '246810' }],
      }),
    });
  });
  afterAll(() => world.stop());

  const connect = async (authMethod: string, credential: Record<string, string>) => {
    const { connection } = await world.client().createConnection({
      connector: 'twilioEmulated',
      authMethod,
      name: 'Ours',
      credential,
      fields: { accountSid: ACCOUNT },
    });
    return connection;
  };

  it.each([
    ['apiKey', KEY],
    ['authToken', TOKEN],
  ])('is connected by %s, tested and disconnected', async (authMethod, credential) => {
    const { id } = await connect(authMethod, credential);
    const { connection } = await world.client().testConnection({ connectionId: id });
    expect(connection).toMatchObject({ state: 'connected', identity: { id: ACCOUNT } });
    const left = await world.client().disconnectConnection({ connectionId: id });
    expect(left.connection.state).toBe('disconnected');
  });

  it.each([
    ['apiKey', { ...KEY, password: 'wrong' }],
    ['authToken', { ...TOKEN, password: 'f'.repeat(32) }],
  ])('refuses a wrong secret of %s', async (authMethod, credential) => {
    expect(await refusal(connect(authMethod, credential))).toMatchObject({ code: 7710 });
  });

  it('handles messages: sent, read, listed, emptied, deleted', async () => {
    const { id } = await connect('apiKey', KEY);
    const integration = await world.integrate('twilioEmulated', id);
    const call = (action: string, input: Input) => world.call(integration, action, input);

    const sent = await call('sendMessage', { To: THEIRS, From: OURS, Body: 'Hello! 👍 & more' });
    expect(sent).toMatchObject({ to: THEIRS, from: OURS, body: 'Hello! 👍 & more' });
    const one = { Sid: sent.sid };
    expect(await call('getMessage', one)).toMatchObject({ sid: sent.sid, body: sent.body });
    const { messages } = await call('listMessages', { To: THEIRS });
    expect(messages.map(({ sid }: Json) => sid)).toEqual([sent.sid]);
    await call('updateMessage', { ...one, Body: '' });
    expect(await call('getMessage', one)).toMatchObject({ body: '' });
    expect(await call('deleteMessage', one)).toEqual({ deleted: true });
    const gone = world.callInVain(integration, 'getMessage', one);
    expect(await gone).toMatchObject({ code: 8012 });
  });

  it('makes calls, lists numbers and verifies them', async () => {
    const { id } = await connect('apiKey', KEY);
    const integration = await world.integrate('twilioEmulated', id);
    const call = (action: string, input: Input = {}) => world.call(integration, action, input);

    const made = await call('createCall', { To: THEIRS, From: OURS, Url: 'https://example.com/' });
    expect(await call('getCall', { Sid: made.sid })).toMatchObject({ sid: made.sid, to: THEIRS });
    await call('updateCall', { Sid: made.sid, Status: 'completed' });
    const { calls } = await call('listCalls', { To: THEIRS });
    expect(calls).toMatchObject([{ sid: made.sid, status: 'completed' }]);
    const { incoming_phone_numbers: numbers } = await call('listPhoneNumbers');
    expect(numbers).toMatchObject([{ phone_number: OURS, friendly_name: 'Ours' }]);

    const { services } = await call('listVerifyServices');
    const ours = services.find((each: Json) => each.friendly_name === 'Acme');
    const ServiceSid = ours.sid;
    const started = await call('startVerification', { ServiceSid, To: THEIRS, Channel: 'sms' });
    expect(started).toMatchObject({ to: THEIRS, status: 'pending' });
    const check = (Code: string) => call('checkVerification', { ServiceSid, To: THEIRS, Code });
    expect(await check('000000')).toMatchObject({ status: 'pending', valid: false });
    expect(await check('246810')).toMatchObject({ status: 'approved', valid: true });
  });
});
