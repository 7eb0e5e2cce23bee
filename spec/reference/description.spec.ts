import { describeFunctions, rolesWith } from '../../src/reference/description.js';
import { sampleManifest } from '../support/sampleManifest.js';

describe('describeFunctions', () => {
  const [forester, plant, list, fell] = describeFunctions(sampleManifest);

  it('puts a function without a permission under the domain of its neighbor', () => {
    expect([forester, plant, list].map((each) => each?.domain)).toEqual(Array(3).fill('webhooks'));
    expect(describeFunctions([sampleManifest[0]])[0]?.domain).toBe('functions');
  });

  it('puts what only operators may do under a heading of its own', () => {
    expect(fell?.domain).toBe('operation');
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
