import { Writable } from 'node:stream';

import { createLog, type LogLevel } from '../../src/platform/log.js';

const CANARY = 'canary-5d41402abc4b';

function setup(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const entries = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log: createLog(level, destination), lines, entries };
}

describe('createLog', () => {
  it('writes one line of JSON an entry, with level and time as text', () => {
    const { log, lines, entries } = setup();
    log.info({ webhookId: 'w1' }, 'webhook.created');
    log.error({ text: 'two\nlines' }, 'failed');
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(entries()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        webhookId: 'w1',
        event: 'webhook.created',
      },
      expect.objectContaining({ level: 'error', text: 'two\nlines', event: 'failed' }),
    ]);
  });

  it('omits entries below its level', () => {
    const { log, entries } = setup('warn');
    log.debug({}, 'a');
    log.info({}, 'b');
    log.warn({}, 'c');
    expect(entries().map(({ event }) => event)).toEqual(['c']);
    const silent = setup('silent');
    silent.log.error({}, 'd');
    expect(silent.lines).toEqual([]);
  });

  it.each([
    [{ secret: CANARY }],
    [{ webhook: { secret: CANARY } }],
    [{ password: CANARY }],
    [{ user: { password: CANARY } }],
    [{ headers: { authorization: CANARY } }],
    [{ token: CANARY }],
    [{ session: { token: CANARY } }],
  ])('never writes the value of %j', (entry) => {
    const { log, lines } = setup();
    log.info(entry, 'event');
    expect(lines.join('')).not.toContain(CANARY);
    expect(lines).toHaveLength(1);
  });

  it('keeps type, message and stack of an error and its causes, and drops everything else', () => {
    const { log, lines, entries } = setup();
    const cause = Object.assign(new TypeError('duplicate key'), {
      detail: `Key (secret)=(${CANARY}) already exists.`,
      parameters: [CANARY],
    });
    const error = Object.assign(new Error('insert failed', { cause }), {
      query: `insert … ${CANARY}`,
    });
    log.error({ err: error }, 'lanes.workFailed');
    expect(lines.join('')).not.toContain(CANARY);
    expect(entries()[0]?.['err']).toEqual({
      type: 'Error',
      message: 'insert failed',
      stack: expect.stringContaining('insert failed'),
      cause: {
        type: 'TypeError',
        message: 'duplicate key',
        stack: expect.stringContaining('duplicate key'),
      },
    });
  });

  it.each([
    ['a text', CANARY, { type: 'string' }],
    ['an object', { secret: CANARY }, { type: 'object' }],
  ])('says only what kind of thing was thrown when it is %s', (_name, thrown, described) => {
    const { log, lines, entries } = setup();
    log.error({ err: thrown }, 'failed');
    expect(lines.join('')).not.toContain(CANARY);
    expect(entries()[0]?.['err']).toEqual(described);
  });
});
