import { z } from 'zod';

import {
  authorize,
  buildRequest,
  failureOf,
  type FieldValues,
  identityOf,
  itemsOf,
  type Outgoing,
  secretFieldsOf,
  valueAt,
} from '../../src/connectors/index.js';
import {
  type AnyAction,
  type AuthSpec,
  type ConnectorSpec,
  FAILURE_KINDS,
  type FailureKind,
  type Part,
  problemsOfConnector,
} from '../../src/contract/index.js';
import { templates } from '../../templates/index.js';

const NOW = new Date('2026-01-02T03:04:05Z');
const SERVED_GENERIC = new Set(['generic']);

const connectors = templates.map((connector) => [connector.key, connector] as const);
const actions = templates.flatMap((connector) =>
  connector.actions.map(
    (action) => [`${connector.key}.${action.name}`, connector, action] as const,
  ),
);
const authMethods = templates.flatMap((connector) =>
  Object.entries(connector.auth).map(
    ([name, authMethod]) => [`${connector.key} by ${name}`, connector, authMethod] as const,
  ),
);

/** Returns the request of an action for its documented example. */
function sentBy(connector: ConnectorSpec, action: AnyAction): Outgoing {
  const input: unknown = action.input.parse(action.example.input);
  return buildRequest(connector, action.request(input), connector.example ?? {});
}

function documentedResponse({ read }: ConnectorSpec, { example }: AnyAction) {
  const { status = 200, headers = {}, body } = example.response;
  return { status, headers, body: read ? read(body) : body };
}

/** Returns the output for the documented response. */
function outputOf(connector: ConnectorSpec, action: AnyAction): unknown {
  const response = documentedResponse(connector, action);
  return action.response ? action.response(response) : response.body;
}

/** The parts of a form, read by Node's own parser. */
async function partsOf({ headers, body }: Outgoing) {
  const form = await new Response(new Uint8Array(body ?? Buffer.of()), { headers }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string'
        ? { name, content: value }
        : {
            name,
            filename: value.name,
            contentType: value.type,
            content: Buffer.from(await value.arrayBuffer()).toString('base64'),
          },
    ),
  );
}

/** Returns a part as `partsOf` does: a file or text. */
function partAsSent({ name, filename, contentType = 'application/octet-stream', content }: Part) {
  const bytes = bytesOf(content);
  return filename === undefined
    ? { name, content: bytes.toString() }
    : { name, filename, contentType, content: bytes.toString('base64') };
}

function bytesOf(content: Part['content']): Buffer {
  return 'text' in content ? Buffer.from(content.text) : Buffer.from(content.base64, 'base64');
}

/** Returns the parts of https://www.rfc-editor.org/rfc/rfc2387, which have no names; `undefined` for other formats. */
function relatedPartsOf({ headers, body }: Outgoing) {
  const boundary = /^multipart\/related; boundary=([\w-]+)$/.exec(
    headers['content-type'] ?? '',
  )?.[1];
  const [preamble, ...parts] = (body?.toString('latin1') ?? '').split(`--${boundary ?? ''}`);
  if (preamble !== '' || parts.pop() !== '--\r\n') return undefined;
  return parts.map((part) => {
    const [, contentType, content] = /^\r\nContent-Type: (.+)\r\n\r\n([^]*)\r\n$/.exec(part) ?? [];
    return { contentType, content: Buffer.from(content ?? '', 'latin1').toString('base64') };
  });
}

/** Returns copies that each lack one member that the schema requires. */
function lackingOne(schema: z.ZodType, value: unknown): [string, unknown][] {
  const required = requiredOf(schema);
  if (value === null || typeof value !== 'object') return [];
  return Object.keys(value)
    .filter((name) => required.has(name))
    .map((name) => [
      name,
      Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)),
    ]);
}

function requiredOf(schema: z.ZodType): ReadonlySet<string> {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return new Set(described.required ?? []);
}

describe.each(connectors)('%s', (_key, connector) => {
  it('is well formed', () => {
    expect(problemsOfConnector(connector)).toEqual([]);
    expect(connector.setup.length).toBeGreaterThan(0);
    expect(connector.limits.docs).toMatch(/^https:\/\//);
    if (!SERVED_GENERIC.has(connector.category))
      expect(connector.actions.length).toBeGreaterThanOrEqual(8);
  });

  const tests = [connector.test, ...Object.values(connector.tests ?? {})];
  it.each(tests)(
    'is tested by the documented request, which identifies the account: %#',
    (test) => {
      const { request, identity, expect: expected, example } = test;
      const sent = buildRequest(connector, request, connector.example ?? {});
      expect(sent.url.href).toBe(example.url);
      const body = connector.read ? connector.read(example.body) : example.body;
      const response = { status: 200, headers: example.headers ?? {}, body };
      expect(failureOf(connector, response)).toBeUndefined();
      // For generic APIs, the identity in the response is unknown.
      expect(identity !== undefined || SERVED_GENERIC.has(connector.category)).toBe(true);
      expect(identityOf(test, response)).toEqual(
        identity && {
          id: expect.any(String) as string,
          ...(identity.name !== undefined && { name: expect.any(String) as string }),
        },
      );
      if (expected) {
        const found = valueAt(body, expected.at);
        expect('is' in expected ? found === expected.is : found !== undefined).toBe(true);
      }
    },
  );

  it.each<[number, FailureKind]>([
    [401, 'authentication'],
    [403, 'permission'],
    [404, 'notFound'],
    [409, 'conflict'],
    [422, 'validation'],
    [429, 'rateLimit'],
    [500, 'provider'],
    [502, 'provider'],
    [503, 'provider'],
  ])('maps %i to %s', (status, kind) => {
    const failure = failureOf(connector, { status, headers: {}, body: null });
    expect(failure?.kind).toBe(connector.failures?.statuses?.[status] ?? kind);
    expect(failure?.retryable).toBe(
      kind === 'rateLimit' ||
        (connector.failures?.retryStatuses ?? [429, 500, 502, 503]).includes(status),
    );
  });

  it('has a kind for each code of its own', () => {
    for (const kind of Object.values(connector.failures?.codes ?? {}))
      expect(FAILURE_KINDS).toContain(kind);
  });
});

describe('authorized', () => {
  it.each(authMethods)(
    '%s: each secret is in its location and nowhere else',
    (_name, connector, authMethod) => {
      const credential = canaries(authMethod);
      const fields = connector.example ?? {};
      const bare = buildRequest(connector, connector.test.request, fields);
      const outgoing = authorize(bare, { authMethod, credential, fields, now: NOW });
      expect(outgoing.body).toEqual(bare.body);
      expect(outgoing.method).toBe(bare.method);
      const locations = locationsOf(outgoing, authMethod, fields);
      expect(locations.unexpected).toEqual([]);
      if (authMethod.kind !== 'none') expect(locations.expected).not.toEqual([]);
    },
  );

  /** Values that can be found in any request. */
  function canaries(authMethod: AuthSpec): Record<string, string> {
    const names = [
      ...Object.keys(secretFieldsOf(authMethod)),
      'accessToken',
      'token',
      'tokenSecret',
    ];
    return Object.fromEntries(names.map((name) => [name, `CANARY${name}`]));
  }

  function locationsOf({ url, headers }: Outgoing, authMethod: AuthSpec, _fields: FieldValues) {
    const found = [
      ...[...url.searchParams].map(([name, value]) => [`query ${name}`, value] as const),
      ...Object.entries(headers).map(([name, value]) => [`header ${name}`, value] as const),
      ['address', `${url.origin}${url.pathname}`] as const,
    ]
      .filter(([, value]) => value.includes('CANARY') || decode(value).includes('CANARY'))
      .map(([location]) => location);
    const allowed = allowedLocations(authMethod);
    return {
      expected: found.filter((location) => allowed.has(location)),
      unexpected: found.filter((location) => !allowed.has(location)),
    };
  }

  const decode = (value: string) =>
    Buffer.from(value.replace(/^Basic /, ''), 'base64').toString('utf8');

  function allowedLocations(authMethod: AuthSpec): ReadonlySet<string> {
    if (authMethod.kind === 'custom') {
      // A name that the user fills in is one of the canaries.
      const filled = (names: object | undefined) =>
        Object.keys(names ?? {}).map((name) => name.replace(/\{(\w+)\}/g, 'CANARY$1'));
      return new Set([
        ...filled(authMethod.headers).map((name) => `header ${name.toLowerCase()}`),
        ...filled(authMethod.query).map((name) => `query ${name}`),
      ]);
    }
    const location = 'location' in authMethod ? authMethod.location : undefined;
    if (location)
      return new Set([
        `${location.in} ${location.in === 'header' ? location.name.toLowerCase() : location.name}`,
      ]);
    const token = authMethod.kind === 'awsSigV4' ? ['header x-amz-security-token'] : [];
    return new Set(['header authorization', ...token]);
  }
});

describe.each(actions)('%s', (_name, connector, action) => {
  it('names its page of the documentation', () => {
    expect(action.docs).toMatch(/^https:\/\//);
    expect(action.summary).toMatch(/^[A-Z].*\.$/);
  });

  it('sends what the documentation says', async () => {
    const { sends } = action.example;
    const sent = sentBy(connector, action);
    expect({ method: sent.method, url: sent.url.href }).toEqual({
      method: sends.method,
      url: new URL(sends.url).href,
    });
    for (const [name, value] of Object.entries(sends.headers ?? {}))
      expect(sent.headers[name.toLowerCase()]).toBe(value);
    const text = sent.body?.toString('utf8');
    if (sends.json !== undefined) {
      expect(sent.headers['content-type']).toMatch(
        /^application\/(?:(?:[\w.+-]+\+)?json|x-amz-json-)/,
      );
      expect(JSON.parse(text ?? 'null')).toEqual(sends.json);
    } else if (sends.form !== undefined) {
      expect(sent.headers['content-type']).toBe('application/x-www-form-urlencoded');
      expect(text).toBe(sends.form);
    } else if (sends.parts !== undefined) {
      expect(sent.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
      expect(await partsOf(sent)).toEqual(sends.parts.map(partAsSent));
    } else if (sends.related !== undefined) {
      expect(relatedPartsOf(sent)).toEqual(
        sends.related.map(({ contentType, content }) => ({
          contentType,
          content: bytesOf(content).toString('base64'),
        })),
      );
    } else {
      expect(text).toBe(sends.text);
    }
  });

  it('accepts the documented example and refuses a broken one', () => {
    expect(action.input.safeParse(action.example.input).success).toBe(true);
    expect(action.output.safeParse(outputOf(connector, action)).error).toBeUndefined();
    expect(failureOf(connector, documentedResponse(connector, action))).toBeUndefined();
    const input = action.example.input as object;
    expect(action.input.safeParse({ ...input, unknownToAll: 1 }).success).toBe(false);
    for (const [name, broken] of lackingOne(action.input, input))
      expect([name, action.input.safeParse(broken).success]).toEqual([name, false]);
    for (const [name, broken] of lackingOne(action.output, outputOf(connector, action)))
      expect([name, action.output.safeParse(broken).success]).toEqual([name, false]);
    expect(action.output.safeParse('<html>Bad gateway</html>').success).toBe(false);
  });

  if (action.pages) {
    const { pages } = action;
    it('finds the items of the documented page', () => {
      expect(Array.isArray(valueAt(documentedResponse(connector, action).body, pages.items))).toBe(
        true,
      );
      expect(itemsOf(pages, documentedResponse(connector, action)).length).toBeGreaterThan(0);
    });
  }
});
