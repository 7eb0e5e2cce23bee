import { createHttpClient, parseAllowList } from '../../src/platform/http/index.js';
import { type Receiver, startReceiver } from './receiver.js';

describe('startReceiver', () => {
  const client = createHttpClient({
    policy: { allowHttp: false, allowed: parseAllowList('127.0.0.1') },
  });
  let receiver: Receiver;

  const post = (path: string) => client.request({ url: `${receiver.url}${path}`, body: path });

  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());
  afterAll(() => client.close());

  it('responds 204 by default', async () => {
    await expect(post('/a')).resolves.toMatchObject({ status: 204 });
    receiver.respond({ status: 503, headers: { 'retry-after': '1' }, body: 'later' });
    await expect(post('/b')).resolves.toMatchObject({ status: 503, body: Buffer.from('later') });
    receiver.respond(({ path }, nth) => ({ status: 200, body: `${path} ${nth}` }));
    await expect(post('/c')).resolves.toMatchObject({ body: Buffer.from('/c 3') });
  });

  it('returns each request once, including those that came before the call', async () => {
    await post('/a');
    const second = receiver.next().then(() => receiver.next());
    await post('/b');
    await expect(second).resolves.toMatchObject({ path: '/b' });
    await Promise.all([post('/c'), post('/d')]);
    expect((await receiver.received(4)).length).toBe(4);
    const fifth = receiver.next();
    await post('/e');
    await expect(fifth).resolves.toMatchObject({ path: '/e', body: Buffer.from('/e') });
  });

  it('returns one request each to several calls at once', async () => {
    const calls = Promise.all([receiver.next(), receiver.next(), receiver.next()]);
    await Promise.all(['/a', '/b', '/c'].map(post));
    expect((await calls).map(({ path }) => path).sort()).toEqual(['/a', '/b', '/c']);
  });

  it('resets and hangs', async () => {
    receiver.respond('reset');
    await expect(post('/a')).resolves.toMatchObject({ reason: 'reset' });
    receiver.respond('hang');
    const hanging = post('/b');
    await receiver.received(2);
    await receiver.close();
    await expect(hanging).resolves.toMatchObject({ reason: 'reset' });
    receiver = await startReceiver();
  });

  it('ends the connection when the responder throws', async () => {
    receiver.respond(() => {
      throw new Error('a mistake in the spec');
    });
    await expect(post('/a')).resolves.toMatchObject({ reason: 'reset' });
  });
});
