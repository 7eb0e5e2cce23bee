import { describeFunctions, rolesWith } from '../../src/reference/description.js';
import { sampleManifest } from '../support/sampleManifest.js';

describe('describeFunctions', () => {
  const [forester, plant, list, fell] = describeFunctions(sampleManifest);

  it('puts a function without a permission under the domain of its neighbor', () => {
    expect([forester, plant, list].map((each) => each?.domain)).toEqual(Array(3).fill('webhooks'));
    expect(describeFunctions([sampleManifest[0]])[0]?.domain).toBe('functions');
  });

  it('puts what only operators may do under a heading of its own', () => {
    expect(fell?.domain).toBe('operations');
  });

  it('adds the common errors that can occur: by who may call, by what it changes, by whether it pages', () => {
    const namesOf = (each: typeof plant) => each?.commonErrors.map(({ name }) => name);
    const limits = ['RequestTooLarge', 'RequestNotReadable'];
    const always = ['Internal', 'InvalidParameters', 'NotSignedIn'];
    expect(namesOf(forester)).toEqual([
      ...always,
      'ReadOnlyCaller',
      'ApiKeyNotValid',
      'PersonRequired',
      'OAuthTokenNotValid',
      'TooManyCalls',
      ...limits,
    ]);
    expect(namesOf(list)).toEqual([
      ...always,
      'PermissionDenied',
      'OrganizationRequired',
      'OrganizationNotFound',
      'InvalidCursor',
      'ApiKeyNotValid',
      'OAuthTokenNotValid',
      'TooManyCalls',
      ...limits,
    ]);
    expect(namesOf(fell)).toEqual([
      ...always,
      'ReadOnlyCaller',
      'MasterKeyRequired',
      'ApiKeyNotValid',
      'OAuthTokenNotValid',
      ...limits,
    ]);
  });

  it('knows the status that Parse Server returns for a number', () => {
    expect(fell?.errors).toEqual([
      { name: 'TreeNotFound', code: 101, httpStatus: 404, sentence: 'There is no such tree.' },
    ]);
    expect(plant?.errors.map(({ httpStatus }) => httpStatus)).toEqual([400]);
    const statusOf = (error: string) =>
      plant?.commonErrors.find(({ name }) => name === error)?.httpStatus;
    expect(statusOf('Internal')).toBe(500);
    expect(['TooManyCalls', 'RequestTooLarge'].map(statusOf)).toEqual([429, 413]);
    // Refused before Parse Server maps numbers to statuses.
    expect(['ApiKeyNotValid', 'OAuthTokenNotValid'].map(statusOf)).toEqual([401, 401]);
  });

  it('has a fixed sentence where the error has no fixed message', () => {
    const invalid = plant?.commonErrors.find(({ name }) => name === 'InvalidParameters');
    expect(invalid?.sentence).toBe('A message that says what is wrong.');
  });

  it('knows which roles hold a permission', () => {
    expect(rolesWith('members:write')).toEqual(['owner', 'admin']);
    expect(rolesWith('webhooks:read')).toEqual(['owner', 'admin', 'developer', 'viewer']);
  });
});
