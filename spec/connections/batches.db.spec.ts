import { refusal, useCalls } from '../executions/setting.js';

describe('several connections', () => {
  const calls = useCalls();
  const client = () => calls.client();

  it('are tested and disconnected together, each by itself', async () => {
    const [one, two, three] = [await calls.connect(), await calls.connect(), await calls.connect()];
    await client().disconnectConnection({ connectionId: two });
    const connectionIds = [one, 'no', two, three];
    const tested = await client().testConnections({ connectionIds });
    expect(tested.results).toEqual([
      {
        connection: expect.objectContaining({ id: one, identity: { id: 'acc1', name: 'Grace' } }),
      },
      { error: { code: 7701, message: expect.any(String) } },
      { error: { code: 7703, message: expect.any(String) } },
      { connection: expect.objectContaining({ id: three }) },
    ]);
    const { results } = await client().disconnectConnections({ connectionIds });
    const gone = (id: string) => ({
      connection: expect.objectContaining({ id, state: 'disconnected' }),
    });
    expect(results).toEqual([gone(one), tested.results[1], gone(two), gone(three)]);
    expect(await refusal(client().testConnections({ connectionIds: [one, one] }))).toMatchObject({
      code: 7001,
      message: expect.stringContaining('Pass each id only once.'),
    });
  });
});
