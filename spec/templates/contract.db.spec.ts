import { generateKeyPairSync } from 'node:crypto';

import { secretFieldsOf } from '../../src/connectors/index.js';
import type {
  ActionRequest,
  AnyAction,
  AuthSpec,
  ConnectorSpec,
} from '../../src/contract/index.js';
import { templates } from '../../templates/index.js';
import { type Json, startHub, type TestHub, type TestUser } from '../support/hub.js';
import {
  type ContractServer,
  type DocumentedResponse,
  keyOf,
  pathOf,
  startContractServer,
  TOKEN,
} from './contractServer.js';

/** The generic connectors have no documented requests. */
const DOCUMENTED = templates.filter(({ category }) => category !== 'generic');

/** Runs each action once through the hub, against a server that responds as documented. */
describe('every action of every connector', () => {
  let hub: TestHub;
  let owner: TestUser;
  const servers = new Map<string, ContractServer>();
  beforeAll(async () => {
    for (const template of DOCUMENTED) {
      servers.set(template.key, await startContractServer(template));
    }
    const connectors = [...servers.values()].map(({ connector }) => connector);
    hub = await startHub({ hub: { connectors } });
    owner = await hub.signUp();
    await hub.as(owner).createOrganization({ name: 'Acme' });
  });
  afterAll(async () => {
    for (const { close } of servers.values()) close();
    await hub.stop();
  });

  it.each(DOCUMENTED.map((template) => [template.key, template] as const))(
    'of %s sends the documented request and returns the documented output',
    async (key, template) => {
      const server = servers.get(key);
      if (!server) throw new Error('The server is not there.');
      const integrationId = await integrated(template, server);
      const outcomes: Json[] = [];
      const expected: Json[] = [];
      for (const action of template.actions) {
        const { input, sends } = action.example as { input: Record<string, Json>; sends: Json };
        server.came.length = 0;
        const { response: documented } = action.example as { response: DocumentedResponse };
        server.documents = { ...documented, stream: action.stream };
        const call = hub
          .as(owner)
          .executeIntegration({ integrationId, action: action.name, input });
        const outcome = await call.then(
          ({ state, warning }) => warning ?? state,
          ({ message }: Json) => message as string,
        );
        const [sent] = server.came;
        const request = (action as { request(given: unknown): ActionRequest }).request(
          (action.input as { parse(given: unknown): unknown }).parse(input),
        );
        outcomes.push([action.name, sent && keyOf(sent.method, sent.path), outcome]);
        const path = pathOf(template, request, sends.url);
        expected.push([action.name, keyOf(sends.method, path), 'succeeded']);
        if (sends.json !== undefined) {
          expect(JSON.parse(sent?.body ?? '')).toEqual(withKey(sends.json, action));
        }
        if (sends.form !== undefined) expect(sent?.body).toBe(sends.form);
      }
      expect(outcomes).toEqual(expected);
    },
  );

  async function integrated(template: ConnectorSpec, { connector, came }: ContractServer) {
    const [authMethod, spec] = authMethodOf(template);
    const { connection } = await hub.as(owner).createConnection({
      connector: connector.key,
      authMethod,
      name: template.name,
      fields: { ...template.example },
      credential: credentialOf(spec),
    });
    const [received] = came;
    const credentialParts = JSON.stringify([received?.headers, received?.path]);
    if (spec.kind !== 'basic' && spec.kind !== 'awsSigV4') expect(credentialParts).toContain(TOKEN);
    const { integration } = await hub.as(owner).createIntegration({
      name: template.name,
      connector: connector.key,
      connectionId: connection.id,
    });
    return integration.id;
  }
});

/** Adds the idempotency key, which the hub sends and the documented examples lack. */
function withKey(body: object, { idempotent }: AnyAction): object {
  if (typeof idempotent !== 'object' || !('member' in idempotent)) return body;
  return { ...body, [idempotent.member]: expect.stringMatching(/^\w+$/) };
}

/** An auth method without consent. */
function authMethodOf({ auth }: ConnectorSpec): readonly [string, AuthSpec] {
  const found = Object.entries(auth).find(([, { kind }]) => kind !== 'oauth2Code');
  if (!found) throw new Error('Each auth method of this connector needs consent.');
  return found;
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

function credentialOf(authMethod: AuthSpec): Record<string, string> {
  if (authMethod.kind === 'jwtServiceAccount') {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    return { clientEmail: 'robot@example.com', privateKey: pem };
  }
  const fields = Object.entries(secretFieldsOf(authMethod)).filter(
    ([, { required = true }]) => required,
  );
  return Object.fromEntries(
    fields.map(([name, { example, pattern }]) => [name, fitting(example, pattern)]),
  );
}

/** Returns a value that matches the field's pattern; the token itself without a pattern. */
function fitting(example: string | undefined, pattern: string | undefined): string {
  const known = [TOKEN, example ?? '', 'AKIAIOSFODNN7EXAMPLE', `xoxb-${TOKEN}`, `sk_test_${TOKEN}`];
  const more = [
    `sk-${TOKEN}`,
    `ghp_${TOKEN}`,
    `re_${TOKEN}`,
    `AC${'0'.repeat(32)}`,
    `SK${'0'.repeat(32)}`,
    '0'.repeat(32),
  ];
  const found = [...known, ...more].find((value) =>
    new RegExp(`^(?:${pattern ?? '.+'})$`).test(value),
  );
  if (found === undefined) throw new Error(`Nothing fits ${pattern ?? ''}.`);
  return found;
}
