import { type JsonSchema, jsonSchemaOf } from '../../cloud/jsonSchema.js';
import { manifest } from '../../cloud/manifest.js';
import { schemas } from '../../schemas/index.js';
import {
  type AnyFunction,
  commonErrors,
  GRANTS,
  type Permission,
  ROLES,
} from '../../src/contract/index.js';
import { oauthErrors } from '../../src/oauth/index.js';
import { startProvider } from '../connections/provider.js';
import {
  type Caller,
  type Json,
  master,
  readOnlyMaster,
  startHub,
  type TestHub,
} from '../support/hub.js';
import { callsFor, startSubjects, type Subjects } from './calls.js';
import { type CallerName, callersOf } from './team.js';

const functions: readonly AnyFunction[] = manifest;
const byName = functions.map((spec) => [spec.name, spec] as const);
const { NotSignedIn, PermissionDenied, OrganizationNotFound, ReadOnlyCaller, InvalidParameters } =
  commonErrors;

/** What a function needs beyond the permission it declares, for what the calls here do with it. */
const NEEDS: Readonly<Record<string, Permission>> = { removeOrganizationMember: 'members:write' };

/** What is everybody’s own, the owner’s in these calls: what it is to those who may not touch what is others’. */
const OTHERS: Readonly<Record<string, number>> = {
  revokeOAuthGrant: oauthErrors.OAuthGrantNotFound.spec.code,
};

describe('every function', () => {
  let hub: TestHub;
  let subjects: Subjects;
  let calls: ReturnType<typeof callsFor>;
  beforeAll(async () => {
    const provider = await startProvider();
    hub = await startHub({ hub: { connectors: [provider.connector] } });
    subjects = await startSubjects(hub, provider);
    calls = callsFor(hub, subjects);
  });
  afterAll(async () => {
    await subjects.receiver.close();
    subjects.provider.close();
    await hub.stop();
  });

  /** Who may call it, whatever the parameters. */
  function mightiest({ access }: AnyFunction): Caller {
    return access.kind === 'master' ? master : subjects.team.owner;
  }

  /** Whom the master key, which is nobody, makes something for. */
  function ownerFor(name: string): string {
    return ['createApiKey', 'createOAuthApp'].includes(name)
      ? subjects.team.owner.id
      : subjects.guest.id;
  }

  /** With all that it needs, whoever calls. */
  async function paramsOf(spec: AnyFunction): Promise<Record<string, unknown>> {
    const params = await calls[spec.name as keyof typeof calls]();
    const { organizationId } = subjects.team;
    return spec.access.kind === 'permission' ? { organizationId, ...params } : params;
  }

  it('has a call here', () => {
    expect(Object.keys(calls)).toEqual(functions.map(({ name }) => name));
  });

  describe('may be called by', () => {
    const CALLERS: readonly CallerName[] = [
      ...ROLES,
      'outsider',
      'nobody',
      'master',
      'readOnlyMaster',
    ];

    /** `ok`, or the number of the refusal. */
    function expected({ name, access, reads }: AnyFunction, caller: CallerName): 'ok' | number {
      if (caller === 'nobody') return NotSignedIn.spec.code;
      if (caller === 'readOnlyMaster') return reads ? 'ok' : ReadOnlyCaller.spec.code;
      if (name in OTHERS && caller !== 'master' && caller !== 'owner' && caller !== 'admin')
        return OTHERS[name] ?? 'ok';
      if (caller === 'master' || access.kind === 'user') return 'ok';
      if (access.kind === 'master') return commonErrors.MasterKeyRequired.spec.code;
      if (caller === 'outsider') return OrganizationNotFound.spec.code;
      const isGranted = GRANTS[caller].includes(NEEDS[name] ?? access.permission);
      return isGranted ? 'ok' : PermissionDenied.spec.code;
    }

    it.each(byName)('those who may: %s', async (name, spec) => {
      const callers = callersOf(subjects.team);
      const answers: Partial<Record<CallerName, 'ok' | number>> = {};
      for (const caller of CALLERS) {
        const isMaster = caller === 'master' || caller === 'readOnlyMaster';
        const owned =
          ['createOrganization', 'createApiKey', 'createOAuthApp'].includes(name) && isMaster;
        const params = {
          ...(await paramsOf(spec)),
          ...(owned && { ownerId: ownerFor(name) }),
        };
        const { status, body } = await hub.call(name, params, callers[caller]);
        if (status === 200) spec.result.parse(body.result);
        else expect(body.error).toMatch(/^[A-Z].*\.$/);
        answers[caller] = status === 200 ? 'ok' : body.code;
      }
      expect(answers).toEqual(
        Object.fromEntries(CALLERS.map((caller) => [caller, expected(spec, caller)])),
      );
    });

    it('changes nothing when it reads, and nothing but the trail when it is refused', async () => {
      const { outsider, viewer } = callersOf(subjects.team);
      const params = new Map<string, Record<string, unknown>>();
      for (const spec of functions) params.set(spec.name, await paramsOf(spec));
      // What was counted of calls is written down some seconds later.
      await hub.app.services.apiKeys.flush();
      const before = await stored();
      for (const { name, access, reads } of functions) {
        await hub.call(name, params.get(name), readOnlyMaster);
        if (reads) await hub.call(name, params.get(name), viewer);
        if (access.kind === 'permission') await hub.call(name, params.get(name), outsider);
        await hub.call(name, params.get(name));
      }
      expect(await stored()).toEqual(before);
    });
  });

  describe('as owner', () => {
    async function refused(spec: AnyFunction, change: Record<string, unknown>): Promise<string> {
      const params: Record<string, unknown> = { ...(await paramsOf(spec)), ...change };
      const { body } = await hub.call(spec.name, params, mightiest(spec));
      if (body.code !== InvalidParameters.spec.code) {
        throw new Error(`${spec.name} took ${JSON.stringify(change)}: ${JSON.stringify(body)}`);
      }
      return body.error;
    }
    const schemaOf = (spec: AnyFunction): JsonSchema => jsonSchemaOf(spec.params, 'input');

    it.each(byName)('refuses a parameter it does not know, by name: %s', async (_name, spec) => {
      const problem = await refused(spec, { sirprise: 1, webhookID: 'x' });
      expect(problem).toMatch(/^Unrecognized keys: .*"sirprise".*"webhookID"\.$/);
    });

    it.each(byName)('refuses to do without what it needs, by name: %s', async (_name, spec) => {
      for (const missing of schemaOf(spec).required ?? []) {
        expect(await refused(spec, { [missing]: undefined })).toMatch(new RegExp(`^${missing}: .`));
      }
    });

    it.each(byName)('refuses another type than it wants, by name: %s', async (name, spec) => {
      for (const [param, schema] of Object.entries(schemaOf(spec).properties ?? {})) {
        for (const wrong of wrongFor(schema)) {
          const problem = await refused(spec, { [param]: wrong });
          expect({ name, param, wrong, problem }).toEqual({
            ...{ name, param, wrong },
            problem: expect.stringMatching(new RegExp(`\\b${param}\\b.*\\.$`)),
          });
          expect(problem).not.toContain(MARK);
        }
      }
    });

    it.each(byName)('refuses what nests deeper than anything needs: %s', async (_name, spec) => {
      const deep: unknown = JSON.parse(`${'['.repeat(700)}${']'.repeat(700)}`);
      for (const param of Object.keys(schemaOf(spec).properties ?? {})) {
        if (param === 'organizationId') continue;
        expect(await refused(spec, { [param]: deep })).toMatch(new RegExp(`^${param}: .*deeper`));
      }
    });

    it.each(byName)('refuses U+0000 in what it looks up or stores: %s', async (_name, spec) => {
      for (const [param, schema] of Object.entries(schemaOf(spec).properties ?? {})) {
        if (schema.type !== 'string' || schema.enum) continue;
        expect(await refused(spec, { [param]: 'a\0b' })).toContain(param);
      }
    });

    it.each(byName.filter(([, spec]) => 'limit' in spec.params.shape))(
      'refuses a cursor that is not its own: %s',
      async (name, spec) => {
        const cursors = [
          'x',
          '!',
          ' ',
          cursorOf(['AnotherClass', 1e12, 'abc']),
          cursorOf(['Webhook', 'soon', 'abc']),
          cursorOf(['Webhook', 1e12, 'a\0b']),
          cursorOf(['Webhook', Date.UTC(10_000, 0), 'abc']),
          cursorOf(['Webhook', -8.6e15, 'abc']),
          cursorOf([]),
          cursorOf({ id: 'abc' }),
          Buffer.from('member:viewer:').toString('base64url'),
          Buffer.from('member:root:abc').toString('base64url'),
          Buffer.from('member:viewer:a\0b').toString('base64url'),
        ];
        for (const cursor of cursors) {
          const params = { ...(await paramsOf(spec)), cursor };
          const { body } = await hub.call(name, params, mightiest(spec));
          expect({ cursor, code: body.code }).toEqual({
            cursor,
            code: commonErrors.InvalidCursor.spec.code,
          });
        }
      },
    );
  });

  /** Every row of the hub's classes but of the audit trail, as the master key reads them. */
  async function stored(): Promise<Json> {
    const classNames = [...schemas.map(({ name }) => name), '_Role'].filter(
      (name) => !name.startsWith('Audit'),
    );
    const answers = await Promise.all(
      classNames.map((name) => hub.rest('GET', `/classes/${name}?limit=1000`, master)),
    );
    return answers.map(({ body }) => body.results);
  }
});

const MARK = 'mark-of-a-wrong-value';

/** Values of types that a parameter does not take. */
function wrongFor(schema: JsonSchema): unknown[] {
  const forms = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const types = forms.flatMap(({ type }) => type ?? []);
  const candidates = {
    string: MARK,
    number: 4.5,
    boolean: true,
    array: [MARK],
    object: { [`${MARK}-key`]: MARK },
    null: null,
  };
  return Object.entries(candidates)
    .filter(([type]) => !types.includes(type) && !(type === 'number' && types.includes('integer')))
    .map(([, value]) => value);
}

function cursorOf(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
