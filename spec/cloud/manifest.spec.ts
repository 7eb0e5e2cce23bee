import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { z } from 'zod';

import { manifest } from '../../cloud/manifest.js';
import {
  type AnyFunction,
  commonErrors,
  GRANTS,
  PERMISSIONS,
  type Raisable,
} from '../../src/contract/index.js';
import { type JsonSchema, jsonSchemaOf } from '../../src/reference/jsonSchema.js';

const functions: readonly AnyFunction[] = manifest;
const byName = functions.map((spec) => [spec.name, spec] as const);

/** Members may always remove themselves, so the permission to read members is enough. The handler checks the rest. */
const WRITES_WITH_READ_PERMISSION = ['removeOrganizationMember'];

/** What ends or chooses a membership names its organization. */
const NAMES_ORGANIZATION = ['leaveOrganization', 'deleteOrganization', 'setDefaultOrganization'];

/**
 * Lists the caller’s own rows, or with organizationId those of an organization, which requires a permission; or checks by
 * itself what the caller may do there.
 */
const OWN_OR_ALL = ['getOAuthGrants', 'getOrganizationInvitations', ...NAMES_ORGANIZATION];

describe('the manifest', () => {
  it('has each name once', () => {
    const names = functions.map(({ name }) => name);
    expect([...new Set(names)]).toEqual(names);
  });

  it.each(byName)(
    '%s begins with a verb and has a summary of one or two sentences',
    (name, spec) => {
      expect(name).toMatch(
        /^(get|create|update|delete|add|set|remove|test|rotate|regenerate|publish|retry|archive|start|finish|reconnect|disconnect|connect|install|configure|uninstall|validate|execute|proxy|explain|check|revoke|verify|export|invite|accept|decline|leave|transfer)[A-Z][A-Za-z]+$/,
      );
      expect(spec.summary).toMatch(/^[A-Z].{10,200}\.$/);
    },
  );

  it.each(byName)('%s has an example that its schemas accept unchanged', (_name, spec) => {
    expect(() => (spec.params as z.ZodType).parse(spec.example.params)).not.toThrow();
    // Parsing strips nothing and adds nothing: the reference shows the result as it is returned.
    expect((spec.result as z.ZodType).parse(spec.example.result)).toEqual(spec.example.result);
  });

  it.each(byName)(
    '%s refuses unknown parameters, and has no undeclared fields in its result',
    (_n, spec) => {
      expect(jsonSchemaOf(spec.params as z.ZodType, 'input').additionalProperties).toBe(false);
      expect(looseObjects(jsonSchemaOf(spec.result as z.ZodType, 'output'))).toEqual([]);
    },
  );

  it.each(byName)('%s describes each parameter that is not an id', (_name, spec) => {
    const { properties = {} } = jsonSchemaOf(spec.params as z.ZodType, 'input');
    const unexplained = Object.entries(properties)
      .filter(([name, { description }]) => !name.endsWith('Id') && (description ?? '').length < 10)
      .map(([name]) => name);
    expect(unexplained).toEqual([]);
  });

  it.each(byName)(
    '%s reads if and only if it is called get, check, explain, verify or export',
    (name, spec) => {
      const isReading = /^(get|check|explain|verify|export)[A-Z]/.test(name);
      // Verifying a key counts as a call with it.
      expect(spec.reads ?? false).toBe(isReading && name !== 'verifyApiKey');
    },
  );

  it.each(byName)('%s requires a permission that exists and fits what it does', (name, spec) => {
    if (spec.access.kind !== 'permission') {
      expect(['user', 'master']).toContain(spec.access.kind);
      return;
    }
    const { permission } = spec.access;
    expect(PERMISSIONS).toContain(permission);
    const mayRead = spec.reads === true || WRITES_WITH_READ_PERMISSION.includes(name);
    expect(permission.endsWith(':read')).toBe(mayRead);
    // An owner may call everything.
    expect(GRANTS.owner).toContain(permission);
  });

  it.each(byName)(
    '%s takes organizationId if and only if it acts in an organization',
    (_name, spec) => {
      const { properties = {}, required = [] } = jsonSchemaOf(spec.params as z.ZodType, 'input');
      const { access } = spec;
      const isIn =
        access.kind === 'permission' ||
        (access.kind === 'master' && access.inOrganization === true);
      const takes = isIn || OWN_OR_ALL.includes(spec.name);
      expect('organizationId' in properties).toBe(takes);
      expect(required.includes('organizationId')).toBe(NAMES_ORGANIZATION.includes(spec.name));
    },
  );

  it.each(byName)('%s takes limit and cursor if and only if it returns a page', (_name, spec) => {
    const params = Object.keys(jsonSchemaOf(spec.params as z.ZodType, 'input').properties ?? {});
    const result = Object.keys(jsonSchemaOf(spec.result as z.ZodType, 'output').properties ?? {});
    const isPage = result.includes('items');
    expect(['limit', 'cursor'].every((name) => params.includes(name))).toBe(isPage);
    // Holds for pages of the hub; the output of an action may be a page of the service.
    if (isPage) expect(result).toContain('nextCursor');
    if (result.includes('nextCursor')) expect(params).toContain('cursor');
  });

  it.each(byName)('%s declares errors under their names', (_name, spec) => {
    for (const [name, raise] of Object.entries(spec.errors as Raisable)) {
      expect(raise().name).toBe(name);
    }
  });
});

describe('error numbers', () => {
  /** The numbers that the foundations may use. Each domain has separate whole hundreds from 7100 upwards. */
  const FOUNDATIONS: Readonly<Record<string, (code: number) => boolean>> = {
    'contract/errors.ts': (code) => code === 1 || (code >= 7000 && code < 7020),
    'platform/http/errors.ts': (code) => code >= 7020 && code < 7030,
  };
  /** Errors that no function returns, and why. */
  const NOT_RETURNED: Readonly<Record<string, string>> = {
    CredentialsMixed: 'a request with a key and other credentials, before any function is called',
    FunctionsOnly:
      'a request with a key to something other than a function, before any function is called',
    OutOfScope: 'a request with a key to a function or class of the host, before it is executed',
    LeakReportsLimited: 'a report of leaked keys, which is no function',
    AllowListInvalid: 'a wrong setting stops the start',
    TooManyAttempts: 'brute-force protection, before any function is called, and on pages',
    TooManyRequests: 'sign-ups and e-mails at Parse Server, before they are made',
    LoginInBatch: 'a log-in within a batch, before it is made',
    OAuthStepExpired: 'a page of signing in or consenting',
    FormNotOurs: 'a page of signing in or consenting',
    OAuthChoiceNotOffered: 'a page of consenting',
    OAuthAppDisabled: 'a page of signing in or consenting',
    LogoutNotValid: 'the page of logging out',
    BrowserNotKnown: 'the page that a browser is shown at the callback',
    EgressUnavailable: 'a machine without free sockets: the attempt is repeated',
    OpenApiNotUsable: 'a wrong document is refused where the host makes a connector of it',
    ValueNotDecrypted: 'hub.vault, which the host’s own code calls',
    VaultInputNotUsable: 'hub.vault, which the host’s own code calls',
    CronInvalid: 'a wrong schedule is refused where it is declared',
  };

  interface Listed {
    readonly file: string;
    readonly name: string;
    readonly code: number;
    readonly message: string;
  }
  let errors: readonly Listed[] = [];
  beforeAll(async () => {
    const source = resolve('src');
    const files = (await readdir(source, { recursive: true })).filter((file) =>
      /(^|\/)errors\.ts$/.test(file),
    );
    errors = (await Promise.all(files.map((file) => errorsIn(source, file)))).flat();
  });

  it('are found in every file of errors', () => {
    const files = new Set(errors.map(({ file }) => file));
    expect([...files]).toEqual(
      expect.arrayContaining([
        ...Object.keys(FOUNDATIONS),
        'organizations/errors.ts',
        'webhooks/errors.ts',
      ]),
    );
  });

  it('lie in a hundred that no other file uses', () => {
    const owners = new Map<number, Set<string>>();
    const strays = errors.filter(({ file, code }) => {
      const isFoundation = FOUNDATIONS[file];
      if (isFoundation) return !isFoundation(code);
      const hundred = Math.floor(code / 100);
      owners.set(hundred, (owners.get(hundred) ?? new Set()).add(file));
      return hundred < 71 || hundred > 99;
    });
    expect(strays).toEqual([]);
    const shared = [...owners].filter(([, files]) => files.size > 1);
    expect(shared).toEqual([]);
  });

  it('are used once', () => {
    const codes = errors.map(({ code }) => code);
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  });

  it('have a sentence as message', () => {
    const malformed = errors.filter(
      ({ message }) => !/^(\{\w+\}|[A-Z].*(\.|\{\w+\}))$/.test(message),
    );
    expect(malformed).toEqual([]);
  });

  it('belong to errors that a function returns', () => {
    const declared = new Set([
      ...Object.keys(commonErrors),
      ...functions.flatMap((spec) => Object.keys(spec.errors as Raisable)),
      ...Object.keys(NOT_RETURNED),
    ]);
    expect(errors.map(({ name }) => name).filter((name) => !declared.has(name))).toEqual([]);
  });

  async function errorsIn(source: string, file: string): Promise<Listed[]> {
    const module = (await import(join(source, file))) as Record<string, unknown>;
    return Object.values(module)
      .filter((value): value is Raisable => typeof value === 'object' && value !== null)
      .flatMap((table) =>
        Object.entries(table).map(([name, { spec }]) => ({
          file,
          name,
          code: spec.code,
          message: spec.message,
        })),
      );
  }
});

/** Returns the paths of objects in a schema that allow undeclared fields. Maps with any keys are allowed. */
function looseObjects(schema: JsonSchema, path = '$'): string[] {
  const inner = [
    ...Object.entries(schema.properties ?? {}).map(
      ([name, each]) => [`${path}.${name}`, each] as const,
    ),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((each) => [path, each] as const),
    ...(schema.items ? [[`${path}[]`, schema.items] as const] : []),
    ...Object.entries(schema.$defs ?? {}).map(([name, each]) => [`#${name}`, each] as const),
  ];
  const isLoose = schema.properties !== undefined && schema.additionalProperties !== false;
  return [...(isLoose ? [path] : []), ...inner.flatMap(([at, each]) => looseObjects(each, at))];
}
