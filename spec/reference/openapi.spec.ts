import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

import { manifest } from '../../cloud/manifest.js';
import type { AnyFunction } from '../../src/contract/index.js';
import { openApiDocument } from '../../src/reference/openapi.js';
import { sampleManifest } from '../support/sampleManifest.js';

/** The document after a round trip through JSON, in which dates and omitted members are what Parse makes of them. */
function setup(functions: readonly AnyFunction[], prefix = '') {
  const made = openApiDocument({
    manifest: functions,
    prefix,
    serverUrl: 'http://localhost:1337/parse',
    title: 'Trees',
    version: '1.2.3',
  });
  const document = JSON.parse(JSON.stringify(made)) as typeof made;
  // A member may be text, a number or a flag: JSON Schema writes that as a list of types.
  const strictness = { strict: true, strictRequired: false, allowUnionTypes: true };
  const ajv = new Ajv2020({ ...strictness, allErrors: true });
  (addFormats as unknown as (to: Ajv2020) => void)(ajv);
  ajv.addVocabulary([
    'openapi',
    'info',
    'jsonSchemaDialect',
    'servers',
    'tags',
    'paths',
    'components',
  ]);
  ajv.addSchema(document, 'document');
  const schemaAt = (...path: readonly string[]): ValidateFunction => {
    const pointer = path.map((part) =>
      encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    const found = ajv.getSchema(`document#/${pointer.join('/')}`);
    if (!found) throw new Error(`No schema at ${path.join(' ')}`);
    return found;
  };
  const operationOf = (name: string) => {
    const found = document.paths[`/functions/${prefix}${name}`]?.post;
    if (!found) throw new Error(`No operation ${name}`);
    return found;
  };
  const responseValidator = (name: string, status: string) =>
    schemaAt(
      'paths',
      `/functions/${prefix}${name}`,
      'post',
      'responses',
      status,
      'content',
      'application/json',
      'schema',
    );
  const sent = (name: string) =>
    schemaAt('components', 'schemas', `${name.charAt(0).toUpperCase()}${name.slice(1)}Params`);
  return { document, ajv, operationOf, responseValidator, sent };
}

describe.each([
  ['the hub', manifest],
  ['the sample', sampleManifest],
] as const)('the OpenAPI document of %s', (_, functions) => {
  const { document, ajv, operationOf, responseValidator, sent } = setup(functions);
  const names = functions.map(({ name }) => name);

  it('is an OpenAPI 3.1 document to an independent validator', async () => {
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  });

  it.each(Object.entries(document.components.schemas))('%s is a JSON Schema', (_name, schema) => {
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  it('has every function once, and a tag for each heading', () => {
    const operations = Object.values(document.paths).map(({ post }) => post);
    expect(operations.map(({ operationId }) => operationId)).toEqual(names);
    const tags = new Set(document.tags.map(({ name }) => name));
    expect(operations.flatMap((each) => each.tags).filter((tag) => !tags.has(tag))).toEqual([]);
  });

  it('refers only to what is there', () => {
    const targets = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, target = '']) => target,
    );
    const at = (target: string) =>
      target
        .split('/')
        .reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], document);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => at(target) === undefined)).toEqual([]);
  });

  it.each(names)(
    '%s: its example is what its schemas describe, an unknown parameter is not',
    (name) => {
      const { example } = operationOf(name).requestBody.content['application/json'];
      const check = sent(name);
      expect(check(example) ? [] : check.errors).toEqual([]);
      expect(check({ ...(example as object), unknownParameter: 1 })).toBe(false);
      const validate = responseValidator(name, '200');
      const shown = operationOf(name).responses['200'].content['application/json'].example;
      expect(validate(shown) ? [] : validate.errors).toEqual([]);
    },
  );
});

describe('openApiDocument', () => {
  const { document, operationOf, responseValidator, sent } = setup(sampleManifest);
  const securityOf = (name: string) => operationOf(name).security.map((each) => Object.keys(each));
  const statusesOf = (name: string) => Object.keys(operationOf(name).responses);
  const numbersOf = (name: string, status: string) => {
    const { responses } = operationOf(name) as unknown as {
      responses: Record<
        string,
        { content: { 'application/json': { examples: Record<string, unknown> } } }
      >;
    };
    return Object.keys(responses[status]?.content['application/json'].examples ?? {});
  };

  it('names title, version and server as given, and the prefix in paths only', () => {
    expect(document.info).toMatchObject({ title: 'Trees', version: '1.2.3' });
    expect(document.servers).toEqual([{ url: 'http://localhost:1337/parse' }]);
    const prefixed = setup(sampleManifest, 'hub_');
    expect(Object.keys(prefixed.document.paths)).toContain('/functions/hub_plantTree');
    expect(prefixed.operationOf('plantTree').operationId).toBe('plantTree');
  });

  it('shows who may call', () => {
    const user = ['applicationId', 'sessionToken'];
    const master = ['applicationId', 'masterKey'];
    expect(securityOf('plantTree')).toEqual([user, master]);
    expect(securityOf('registerForester')).toEqual([user, master]);
    expect(securityOf('fellTree')).toEqual([master]);
    expect(sampleManifest.map(({ name }) => operationOf(name)['x-permission'])).toEqual([
      'user',
      'webhooks:write',
      'webhooks:read',
      'master',
    ]);
  });

  it('lists errors under the status that Parse Server returns them with', () => {
    expect(statusesOf('plantTree')).toEqual(['200', '400', '401', '403', '413', '429', '500']);
    expect(numbersOf('plantTree', '429')).toEqual(['TooManyCalls']);
    expect(numbersOf('plantTree', '413')).toEqual(['RequestTooLarge']);
    expect(numbersOf('plantTree', '401')).toEqual(['ApiKeyNotValid', 'OAuthTokenNotValid']);
    expect(numbersOf('plantTree', '400')).toEqual([
      'TreeTooTall',
      'InvalidParameters',
      'NotSignedIn',
      'PermissionDenied',
      'OrganizationRequired',
      'OrganizationNotFound',
      'ReadOnlyCaller',
      'RequestNotReadable',
    ]);
    expect(numbersOf('plantTree', '500')).toEqual(['Internal']);
    expect(numbersOf('getTrees', '400')).toContain('InvalidCursor');
    expect(numbersOf('getTrees', '400')).not.toContain('ReadOnlyCaller');
    expect(statusesOf('fellTree')).toEqual(['200', '400', '401', '403', '404', '413', '500']);
    expect(numbersOf('fellTree', '404')).toEqual(['TreeNotFound']);
    expect(numbersOf('fellTree', '400')).toContain('MasterKeyRequired');
  });

  it('describes an error by its numbers, and leaves room for those of Parse Server', () => {
    const check = responseValidator('plantTree', '400');
    expect(check({ code: 7901, error: 'A tree has at most 130 meters.' })).toBe(true);
    expect(check({ code: 209, error: 'Invalid session token' })).toBe(true);
    expect(check({ code: 7999, error: 'No such number' })).toBe(false);
    expect(check({ code: 7901 })).toBe(false);
  });

  it('describes schemas that contain themselves', () => {
    const check = sent('plantTree');
    expect(check({ trunk: { name: 'a', branches: [{ name: 'b', branches: [] }] } })).toBe(true);
    expect(check({ trunk: { name: 'a', branches: [{ name: 'b' }] } })).toBe(false);
  });

  it('refuses to describe values that JSON cannot express', () => {
    const dated = { ...sampleManifest[0], result: z.strictObject({ since: z.date() }) };
    expect(() => setup([dated])).toThrow('Date cannot be represented in JSON Schema');
  });

  it('requires a body only where a parameter is required', () => {
    expect(operationOf('plantTree').requestBody.required).toBe(true);
    expect(operationOf('getTrees').requestBody.required).toBe(false);
  });
});
