import { type FieldSpec, problemOfField } from '../../src/contract/index.js';

describe('a field of the type path', () => {
  const spec: FieldSpec = { title: 'Path', type: 'path' };

  it.each(['/', '/me', '/v1/users/me/', '/a%20b', '/a:b;c=d,e@f', '/...', '/.well-known/x'])(
    'may be %s',
    (value) => {
      expect(problemOfField('p', spec, value)).toBeUndefined();
    },
  );

  it.each([
    ...['me', 'https://evil.example', '//evil.example', '/a//b', '/\\evil', '/..', '/a/../b', '/.'],
    ...['/%2e%2e/a', '/a%2Fb', '/a%5cb', '/a%', '/a?b', '/a#b', '/a b', '/ä', '/{x}', '/%00'],
  ])('is not %s', (value) => {
    expect(problemOfField('p', spec, value)).toMatch(/^p must be a path such as/);
  });

  it('takes no longer to judge than the value is long', () => {
    expect(problemOfField('p', spec, `${'/a.%20'.repeat(1_300)} `)).toMatch(/^p must be/);
  });
});
