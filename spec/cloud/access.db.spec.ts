import { manifest } from '../../cloud/manifest.js';
import { schemas } from '../../schemas/index.js';
import { type AnyFunction, commonErrors } from '../../src/contract/index.js';
import { type JsonSchema, jsonSchemaOf } from '../../src/reference/jsonSchema.js';
import { startProvider } from '../connections/provider.js';
import { type Caller, type Json, master, startHub, type TestHub } from '../support/hub.js';
import { isLong } from '../support/rounds.js';
import { engine } from '../support/store.js';
import { callAll, type CallResponse, type MatrixCaller, startCallers } from './callers.js';
import { callsFor, startSubjects, type Subjects } from './calls.js';

const functions: readonly AnyFunction[] = manifest;
/** Callers and parameters are judged without a query that differs between the engines: all of them on one in `npm test`. */
const isWhole = isLong || engine === 'postgres';
const CALLERS_ON_BOTH = ['owner', 'viewer', 'outsider', 'master'];

const byName = functions.map((spec) => [spec.name, spec] as const);
const { InvalidParameters } = commonErrors;

describe('every function', () => {
  let hub: TestHub;
  let subjects: Subjects;
  let calls: ReturnType<typeof callsFor>;
  /** Parameters with which each function succeeds, for calls that end before anything changes. */
  const params = new Map<string, Record<string, unknown>>();
  beforeAll(async () => {
    const provider = await startProvider();
    hub = await startHub({ hub: { connectors: [provider.connector] } });
    subjects = await startSubjects(hub, provider);
    calls = callsFor(hub, subjects);
    await inLanes(async (spec) => params.set(spec.name, await paramsOf(spec)));
  });
  afterAll(async () => {
    await subjects.receiver.close();
    subjects.provider.close();
    await hub.stop();
  });

  /** Returns parameters for any caller, with `organizationId` where the function needs it. */
  async function paramsOf(spec: AnyFunction): Promise<Record<string, unknown>> {
    const made = await calls[spec.name as keyof typeof calls]();
    const { organizationId } = subjects.team;
    return spec.access.kind === 'permission' ? { organizationId, ...made } : made;
  }

  it('has a call in callsFor', () => {
    expect(Object.keys(calls)).toEqual(functions.map(({ name }) => name));
  });

  describe('may be called by', () => {
    let callers: readonly MatrixCaller[];
    const responses = new Map(functions.map(({ name }) => [name, {}]));
    let before: Json;
    let after: Json;
    beforeAll(async () => {
      const all = await startCallers(hub, subjects.team, subjects.guest.id);
      callers = all.filter(({ name }) => isWhole || CALLERS_ON_BOTH.includes(name));
      // Usage counts are written some seconds after the calls.
      await hub.app.services.apiKeys.flush();
      before = await stored();
      for (const caller of callers) await callWithoutChange(caller);
      await hub.app.services.apiKeys.flush();
      after = await stored();
      await inLanes(callWithChange);
    });

    function record(spec: AnyFunction, { name }: MatrixCaller, response: CallResponse): void {
      const { result, code, error } = response;
      if (code === undefined) spec.result.parse(result);
      else expect(error).toMatch(/^[A-Z].*\.$/);
      Object.assign(responses.get(spec.name) ?? {}, { [name]: code ?? 'ok' });
    }

    const isChange = (spec: AnyFunction, caller: MatrixCaller) =>
      !spec.reads && caller.expected(spec) === 'ok';

    /** Calls the functions that read, and those that must refuse this caller. */
    async function callWithoutChange(caller: MatrixCaller): Promise<void> {
      const byCaller = new Map<Caller, AnyFunction[]>();
      for (const spec of functions.filter((each) => !isChange(each, caller))) {
        const as = caller.as(spec);
        byCaller.set(as, [...(byCaller.get(as) ?? []), spec]);
      }
      for (const [as, specs] of byCaller) {
        const calls = specs.map((spec) => ({
          name: spec.name,
          params: { ...params.get(spec.name), ...caller.more?.(spec) },
        }));
        const given = await callAll(hub, calls, as);
        specs.forEach((spec, nth) => {
          record(spec, caller, given[nth] ?? {});
        });
      }
    }

    async function callWithChange(spec: AnyFunction): Promise<void> {
      for (const caller of callers.filter((each) => isChange(spec, each))) {
        const calls = { ...(await paramsOf(spec)), ...caller.more?.(spec) };
        const { status, body } = await hub.call(spec.name, calls, caller.as(spec));
        if (status === 200) expect(body).toHaveProperty('result');
        record(spec, caller, body);
      }
    }

    it.each(byName)('the expected callers: %s', (name, spec) => {
      const expected = callers.map((caller) => [caller.name, caller.expected(spec)]);
      expect(responses.get(name)).toEqual(Object.fromEntries(expected));
    });

    it('changes nothing when it reads, and only the audit log when it is refused', () => {
      expect(after).toEqual(before);
    });
  });

  if (isWhole) {
    describe('as owner', () => {
      /** Returns the error message for each change of the parameters, for a caller with the permission. */
      async function refused(
        spec: AnyFunction,
        changes: readonly Record<string, unknown>[],
      ): Promise<string[]> {
        const given = await asPermitted(spec, changes);
        return given.map((response, nth) => {
          if (response.code === InvalidParameters.spec.code) return response.error ?? '';
          const change = JSON.stringify(changes[nth]);
          throw new Error(`${spec.name} took ${change}: ${JSON.stringify(response)}`);
        });
      }

      function asPermitted(spec: AnyFunction, changes: readonly Record<string, unknown>[]) {
        const { name } = spec;
        const calls = changes.map((change) => ({
          name,
          params: { ...params.get(name), ...change },
        }));
        return callAll(hub, calls, spec.access.kind === 'master' ? master : subjects.team.owner);
      }
      const schemaOf = (spec: AnyFunction): JsonSchema => jsonSchemaOf(spec.params, 'input');

      it.each(byName)('refuses unknown parameters and names them: %s', async (_name, spec) => {
        const [problem] = await refused(spec, [{ sirprise: 1, webhookID: 'x' }]);
        expect(problem).toMatch(/^Unrecognized keys: .*"sirprise".*"webhookID"\.$/);
      });

      it.each(byName)(
        'refuses a missing required parameter and names it: %s',
        async (_name, spec) => {
          const needed = schemaOf(spec).required ?? [];
          const problems = await refused(
            spec,
            needed.map((missing) => ({ [missing]: undefined })),
          );
          expect(problems).toEqual(
            needed.map((missing) => expect.stringMatching(new RegExp(`^${missing}: .`))),
          );
        },
      );

      it.each(byName)(
        'refuses a value of the wrong type and names the parameter: %s',
        async (_name, spec) => {
          const wrongs = Object.entries(schemaOf(spec).properties ?? {}).flatMap(
            ([param, schema]) => wrongFor(schema).map((wrong) => ({ param, wrong })),
          );
          const problems = await refused(
            spec,
            wrongs.map(({ param, wrong }) => ({ [param]: wrong })),
          );
          expect(wrongs.map((each, nth) => ({ ...each, problem: problems[nth] }))).toEqual(
            wrongs.map((each) => ({
              ...each,
              problem: expect.stringMatching(new RegExp(`\\b${each.param}\\b.*\\.$`)),
            })),
          );
          expect(JSON.stringify(problems)).not.toContain(MARK);
        },
      );

      it.each(byName)('refuses values that are nested too deeply: %s', async (_name, spec) => {
        const deep: unknown = JSON.parse(`${'['.repeat(700)}${']'.repeat(700)}`);
        const names = Object.keys(schemaOf(spec).properties ?? {}).filter(
          (name) => name !== 'organizationId',
        );
        const problems = await refused(
          spec,
          names.map((param) => ({ [param]: deep })),
        );
        expect(problems).toEqual(
          names.map((param) => expect.stringMatching(new RegExp(`^${param}: .*deeper`))),
        );
      });

      it.each(byName)(
        'refuses U+0000 in text that it looks up or stores: %s',
        async (_name, spec) => {
          const texts = Object.entries(schemaOf(spec).properties ?? {}).flatMap(
            ([param, schema]) => (schema.type === 'string' && !schema.enum ? [param] : []),
          );
          const problems = await refused(
            spec,
            texts.map((param) => ({ [param]: 'a\0b' })),
          );
          expect(problems).toEqual(texts.map((param) => expect.stringContaining(param)));
        },
      );

      it.each(byName.filter(([, spec]) => 'limit' in spec.params.shape))(
        'refuses a cursor that it did not return: %s',
        async (_name, spec) => {
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
          const given = await asPermitted(
            spec,
            cursors.map((cursor) => ({ cursor })),
          );
          const { code } = commonErrors.InvalidCursor.spec;
          expect(given.map((response, nth) => [cursors[nth], response.code])).toEqual(
            cursors.map((cursor) => [cursor, code]),
          );
        },
      );
    });
  }

  /** Returns every row of the hub's classes as the master key reads it, except audit entries and usage counts of keys. */
  async function stored(): Promise<Json> {
    const classNames = [...schemas.map(({ name }) => name), '_Role'].filter(
      (name) => !name.startsWith('Audit') && name !== 'APIKeyUsage',
    );
    const responses = await Promise.all(
      classNames.map((name) =>
        hub.rest('GET', `/classes/${name}?limit=1000&order=objectId`, master),
      ),
    );
    return responses.map(({ body }) =>
      body.results.map(({ lastUsedAt: _at, lastUsedFrom: _from, lastUsedBy: _by, ...row }: Json) =>
        row.owner ? { ...row, updatedAt: undefined } : row,
      ),
    );
  }
});

/** Runs `work` for each function: in sequence for functions on the same kind of row, in parallel otherwise. */
async function inLanes(work: (spec: AnyFunction) => Promise<unknown>): Promise<void> {
  const lanes = new Map<string, AnyFunction[]>();
  for (const spec of functions) {
    const { access } = spec;
    const [lane = ''] = access.kind === 'permission' ? access.permission.split(':') : [access.kind];
    lanes.set(lane, [...(lanes.get(lane) ?? []), spec]);
  }
  await Promise.all(
    [...lanes.values()].map(async (lane) => {
      for (const spec of lane) await work(spec);
    }),
  );
}

const MARK = 'mark-of-a-wrong-value';

/** Returns values of types that a parameter does not accept. */
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
