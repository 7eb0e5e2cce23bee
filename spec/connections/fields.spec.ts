import { checkConnectorFields } from '../../src/connections/manage/newConnection.js';
import { rest } from '../../templates/generic/rest/index.js';

const { bearer, clientCredentials } = rest.auth;
const FIELDS = { baseUrl: 'https://api.example.com', testPath: '/me' };

describe('what is filled in for a connector', () => {
  it('has the fields that the addresses of the way need, of that way alone', () => {
    expect(checkConnectorFields({ connector: rest, way: bearer }, FIELDS)).toEqual(FIELDS);
    const way = clientCredentials;
    expect(() => checkConnectorFields({ connector: rest, way }, FIELDS)).toThrow(
      'Not all is filled in right: tokenUrl is missing: For OAuth client credentials: where tokens are asked for.',
    );
    const all = { ...FIELDS, tokenUrl: 'https://login.example.com/token' };
    expect(checkConnectorFields({ connector: rest, way }, all)).toEqual(all);
  });

  it('makes an address of each server', () => {
    const port = { title: 'Port', type: 'host' } as const;
    const connector = { ...rest, fields: { port }, servers: { api: 'https://example.com:{port}' } };
    const check = (value: string) =>
      checkConnectorFields({ connector, way: bearer }, { port: value });
    expect(check('8443')).toEqual({ port: '8443' });
    expect(() => check('99999')).toThrow('port make no address of the server');
  });

  it.each([
    [{ ...FIELDS, baseUrl: 'http://api.example.com' }, /baseUrl must be an address/],
    [{ ...FIELDS, baseUrl: 'https://a:b@api.example.com' }, /baseUrl must be an address/],
    [{ ...FIELDS, testPath: '/../admin' }, /testPath must be a path/],
    [{ ...FIELDS, other: 'x' }, /there is no other/],
  ])('is not %j', (fields, problem) => {
    expect(() => checkConnectorFields({ connector: rest, way: bearer }, fields)).toThrow(problem);
  });
});
