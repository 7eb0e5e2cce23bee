import type { z } from 'zod';

import { describeFunctions, rolesWith } from '../../cloud/description.js';
import { manifest } from '../../cloud/manifest.js';
import type { AnyFunction } from '../../src/contract/index.js';
import { sampleManifest } from '../support/sampleManifest.js';

describe('the manifest', () => {
  const functions: readonly AnyFunction[] = manifest;
  const described = describeFunctions(functions);

  it('names each function once: Parse keeps the last of a name and drops the others', () => {
    const names = described.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('has one meaning for each number, and one number for each error', () => {
    const pairs = new Map<string, string>();
    for (const { name, code } of described.flatMap((each) => [
      ...each.errors,
      ...each.commonErrors,
    ])) {
      expect(`${String(code)} ${pairs.get(String(code)) ?? name}`).toBe(`${String(code)} ${name}`);
      expect(`${name} ${pairs.get(name) ?? String(code)}`).toBe(`${name} ${String(code)}`);
      pairs.set(String(code), name).set(name, String(code));
    }
    expect(pairs.size).toBeGreaterThan(0);
  });

  it.each(functions.map((spec) => [spec.name, spec] as const))(
    '%s: its example is one',
    (_, spec) => {
      const { params, result, example } = spec as {
        params: z.ZodObject;
        result: z.ZodType;
        example: Example;
      };
      expect(params.safeParse(example.params).error?.issues).toBeUndefined();
      expect(result.safeParse(example.result).error?.issues).toBeUndefined();
    },
  );

  it.each(functions.map((spec) => [spec.name, spec] as const))(
    '%s: refuses unknown parameters',
    (_, spec) => {
      const { params, example } = spec as { params: z.ZodObject; example: Example };
      const refused = params.safeParse({ ...(example.params as object), unknownParameter: 1 });
      expect(refused.error?.issues.map(({ code }) => code)).toEqual(['unrecognized_keys']);
    },
  );
});

interface Example {
  readonly params: unknown;
  readonly result: unknown;
}

describe('describeFunctions', () => {
  const [forester, plant, list, fell] = describeFunctions(sampleManifest);

  it('puts a function without a permission under the domain of its neighbour', () => {
    expect([forester, plant, list, fell].map((each) => each?.domain)).toEqual(
      Array(4).fill('webhooks'),
    );
    expect(describeFunctions([sampleManifest[3]])[0]?.domain).toBe('functions');
  });

  it('adds the common errors that can occur: by who may call, by what it changes, by whether it pages', () => {
    const namesOf = (each: typeof plant) => each?.commonErrors.map(({ name }) => name);
    expect(namesOf(forester)).toEqual([
      'Internal',
      'InvalidParameters',
      'NotSignedIn',
      'ReadOnlyCaller',
    ]);
    expect(namesOf(list)).toEqual([
      ...['Internal', 'InvalidParameters', 'NotSignedIn', 'PermissionDenied'],
      ...['OrganizationRequired', 'OrganizationNotFound', 'InvalidCursor'],
    ]);
    expect(namesOf(fell)).toEqual([
      ...['Internal', 'InvalidParameters', 'NotSignedIn', 'ReadOnlyCaller', 'MasterKeyRequired'],
    ]);
  });

  it('knows the status that Parse Server answers a number with', () => {
    expect(fell?.errors).toEqual([
      { name: 'TreeNotFound', code: 101, httpStatus: 404, sentence: 'There is no such tree.' },
    ]);
    expect(plant?.errors.map(({ httpStatus }) => httpStatus)).toEqual([400]);
    expect(plant?.commonErrors.find(({ name }) => name === 'Internal')?.httpStatus).toBe(500);
  });

  it('has a sentence where the error only says its own', () => {
    const invalid = plant?.commonErrors.find(({ name }) => name === 'InvalidParameters');
    expect(invalid?.sentence).toBe('Says in words what is wrong.');
  });

  it('knows which roles hold a permission', () => {
    expect(rolesWith('members:write')).toEqual(['owner', 'admin']);
    expect(rolesWith('webhooks:read')).toEqual(['owner', 'admin', 'developer', 'viewer']);
  });
});
