import { createIntegrationHub } from '../../index.js';
import { connectorAt } from '../connections/provider.js';
import type { Json } from '../support/hub.js';

const HUB_SECRET = 'hub-secret-of-the-spec-0123456789abcdef';

it('Parse Server caches roles for less than a second, unless the host decides', () => {
  const hub = createIntegrationHub({ secret: HUB_SECRET, publicUrl: 'http://localhost/hub' });
  expect(hub.parseServerOptions({})).toMatchObject({ cacheTTL: 900 });
  const host: object = { cacheTTL: 5_000 };
  expect(hub.parseServerOptions(host)).toMatchObject(host);
});

describe('options that are refused', () => {
  it('names the address of a connector for which http:// is not allowed', () => {
    const plain = connectorAt('http://crm.internal:8080', 'crm');
    const options = { secret: HUB_SECRET, publicUrl: 'https://api.example.com/hub' };
    const sentence =
      /^The connector crm has the URL http:\/\/crm\.internal:8080, which uses plain http\. /;
    expect(() => createIntegrationHub({ ...options, connectors: [plain] })).toThrow(sentence);
    expect(() => {
      createIntegrationHub(options).registerConnector(plain);
    }).toThrow(sentence);
    for (const allowed of [
      { allowedTargets: '*.internal' },
      { allowHttp: true, allowedTargets: 'crm.internal' },
    ]) {
      createIntegrationHub({ ...options, ...allowed }).registerConnector(plain);
    }
  });

  it('happens before Parse Server is created if the host declares a class of the hub', () => {
    const hub = createIntegrationHub({ secret: HUB_SECRET, publicUrl: 'http://localhost/hub' });
    const schema = { definitions: [{ className: 'HostThing' }, { className: 'Webhook' }] };
    expect(() => hub.parseServerOptions({ schema })).toThrow(
      "The hub declares the class Webhook itself, and schema.definitions has one of that name. Set classPrefix in the options of createIntegrationHub (HUB_CLASS_PREFIX), which goes before the names of the hub's classes.",
    );
  });

  it.each<[Json, boolean]>([
    [{ databaseURI: undefined }, true],
    [{ databaseURI: null }, true],
    [{ databaseURI: '' }, true],
    [{ databaseURI: ' ' }, true],
    [{ databaseURI: undefined, databaseAdapter: undefined }, true],
    [{ databaseURI: undefined, databaseAdapter: {} }, false],
    [{ databaseURI: 'postgres://localhost:5432/app' }, false],
    [{}, false],
  ])('are %j: %j, because no database is set', (host, isRefused) => {
    const hub = createIntegrationHub({ secret: HUB_SECRET, publicUrl: 'http://localhost/hub' });
    const refused = expect(() => hub.parseServerOptions(host));
    const sentence =
      'The option databaseURI of ParseServer is empty. Set it to the URL of a PostgreSQL or MongoDB database';
    if (isRefused) refused.toThrow(sentence);
    else refused.not.toThrow();
  });

  it.each<[string, Json, RegExp]>([
    ['no secret', { secret: undefined }, /secret: The hub secret must have at least 32 characters/],
    ['no URL', { publicUrl: undefined }, /publicUrl: must be the http/],
    ['a short secret', { secret: 'short' }, /secret: .*32/],
    [
      'a host name instead of a URL',
      { publicUrl: 'api.example.com' },
      /publicUrl: must be the http/,
    ],
    ['another scheme', { publicUrl: 'ftp://api.example.com' }, /publicUrl: must be the http/],
    [
      'a password',
      { publicUrl: 'https://u:canary@api.example.com/hub' },
      /publicUrl: must not have/,
    ],
    ['an invalid range', { allowedTargets: '10.0.0.0/99' }, /allowedTargets: .*10\.0\.0\.0\/99/],
    ['an invalid log level', { logLevel: 'loud' }, /logLevel: /],
    ['a prefix with a dot', { functionPrefix: 'hub.' }, /functionPrefix: must be up to 31 letters/],
    ['a retention of zero days', { retention: { eventDays: 0 } }, /retention\.eventDays: /],
    ['too much in flight', { inFlightMax: 1e6 }, /inFlightMax: /],
    ['a misspelled option', { publicURL: 'https://api.example.com' }, /publicURL/],
  ])('describes the problem with %s', (_what, wrong, sentence) => {
    const options = { secret: HUB_SECRET, publicUrl: 'https://api.example.com/hub', ...wrong };
    expect(() => createIntegrationHub(options)).toThrow(sentence);
    expect(() => createIntegrationHub(options)).toThrow(
      /^The options of createIntegrationHub are not valid/,
    );
  });
});
