import { filterLogger } from '../../../src/platform/parse/index.js';

const SECRET = 'whsec_only-shown-once';
const OWN = ['createWebhook', 'hub_rotateApiKey'];

/** Collects the lines that reach an adapter with private members, like one of a host's. */
function logging(entries: readonly (readonly unknown[])[], own: readonly string[] = OWN) {
  class Adapter {
    readonly #lines: unknown[][] = [];
    log(...entry: unknown[]): void {
      this.#lines.push(entry);
    }
    query(): readonly unknown[][] {
      return this.#lines;
    }
  }
  const logger: { adapter: Adapter } = { adapter: new Adapter() };
  filterLogger(logger, own);
  filterLogger(logger, ['another']);
  for (const entry of entries) logger.adapter.log(...entry);
  return logger.adapter.query();
}

const ran = (name: string) => [
  'info',
  `Ran cloud function ${name} for user u1 with:\n  Input: {"secret":"${SECRET}"}\n  Result: {"secret":"${SECRET}"}`,
  { functionName: name, params: { secret: SECRET }, user: 'u1' },
];

describe('the log of Parse Server', () => {
  it('has no line of Parse Server about a call of the hub’s functions', () => {
    expect(logging([ran('createWebhook'), ran('hub_rotateApiKey'), ran('another')])).toEqual([]);
  });

  it.each([
    ['the name in the message only', `createWebhook -> {"secret":"${SECRET}"}`],
    ['the name in other data', 'Call', { call: { fn: 'createWebhook', result: { s: SECRET } } }],
    ['a request', `REQUEST for [POST] /parse/functions/createWebhook: {"secret":"${SECRET}"}`, {}],
    ['an escaped name', `REQUEST for [POST] /parse/functions/%63reateWebhook: {"s":"${SECRET}"}`],
    ['a batch', `REQUEST for [POST] /parse/batch: [{"path":"/functions/createWebhook"}]`, {}],
    ['an error', 'Parse error: ', Object.assign(new Error(SECRET), { name: 'hub_rotateApiKey' })],
  ])('withholds what it does not know: %s', (_kind, ...entry) => {
    const lines = logging([['info', ...entry]]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(lines).toEqual([['info', expect.stringMatching(/^The integration hub withheld/)]]);
  });

  it.each([
    ran('hostEcho'),
    ran('createWebhookOfTheHost'),
    [
      'info',
      'beforeSave triggered for Call for user u1:\n  Input: {"fn":"createWebhook"}',
      { triggerType: 'beforeSave', className: 'Call', user: 'u1' },
    ],
    ['info', 'hostEcho calls it', { functionName: 'hostEcho', params: { then: 'createWebhook' } }],
    ['warn', 'createWebhook was called by the host'],
    ['error', 'Uncaught internal server error.', { code: 1 }],
  ])('has the host’s own lines as they are: %s %s', (...entry) => {
    expect(logging([entry])).toEqual([entry]);
  });

  it('is not used when it cannot be filtered', () => {
    const logger = { adapter: {} as { log(): void } };
    expect(() => {
      filterLogger(logger, OWN);
    }).toThrow(/^The logger of this parse-server has no adapter/);
  });
});
