import { checkConnectorFields } from '../../src/connections/manage/newConnection.js';
import { parseAllowList } from '../../src/platform/http/index.js';
import { rest } from '../../templates/generic/rest/index.js';

const { bearer, clientCredentials } = rest.auth;
const frame = {
  connector: rest,
  targets: { allowHttp: false, allowed: parseAllowList('10.0.0.0/8,crm.internal') },
};
const FIELDS = { baseUrl: 'https://api.example.com', testPath: '/me' };

describe('the fields of a connector', () => {
  it('has the fields that the URLs of the auth method need, of that method only', () => {
    expect(checkConnectorFields({ ...frame, authMethod: bearer }, FIELDS)).toEqual(FIELDS);
    const authMethod = clientCredentials;
    expect(() => checkConnectorFields({ ...frame, authMethod }, FIELDS)).toThrow(
      'Some fields are not valid. tokenUrl is missing: For OAuth client credentials: the token endpoint.',
    );
    const all = { ...FIELDS, tokenUrl: 'https://login.example.com/token' };
    expect(checkConnectorFields({ ...frame, authMethod }, all)).toEqual(all);
  });

  it('makes a URL of each server', () => {
    const port = { title: 'Port', type: 'host' } as const;
    const connector = { ...rest, fields: { port }, servers: { api: 'https://example.com:{port}' } };
    const check = (value: string) =>
      checkConnectorFields({ ...frame, connector, authMethod: bearer }, { port: value });
    expect(check('8443')).toEqual({ port: '8443' });
    expect(() => check('99999')).toThrow('port must make a valid server address');
  });

  it.each([
    [
      { ...FIELDS, baseUrl: 'http://api.example.com' },
      /baseUrl: The URL must begin with https.*allowedTargets\)\.$/,
    ],
    [{ ...FIELDS, baseUrl: 'HTTP://11.0.0.1/v1' }, /baseUrl: The URL must begin with https/],
    [{ ...FIELDS, baseUrl: 'ftp://crm.internal' }, /baseUrl must be a URL/],
    [
      { ...FIELDS, tokenUrl: 'http://login.example.com' },
      /tokenUrl: The URL must begin with https/,
    ],
    [{ ...FIELDS, baseUrl: 'https://a:b@api.example.com' }, /baseUrl must be a URL/],
    [{ ...FIELDS, testPath: '/../admin' }, /testPath must be a path/],
    [{ ...FIELDS, other: 'x' }, /other is not one of the names here \(/],
  ])('is not %j', (fields, problem) => {
    expect(() => checkConnectorFields({ ...frame, authMethod: bearer }, fields)).toThrow(problem);
  });

  it.each(['http://crm.internal:8080/api', 'http://10.1.2.3/v1', 'https://api.example.com'])(
    'may have the base URL %s, which the hub allows',
    (baseUrl) => {
      const fields = { ...FIELDS, baseUrl };
      expect(checkConnectorFields({ ...frame, authMethod: bearer }, fields)).toEqual(fields);
    },
  );

  it('makes no plain http URL with a host that is not allowed', () => {
    const host = { title: 'Host', type: 'host' } as const;
    const connector = { ...rest, fields: { host }, servers: { api: 'http://{host}/api' } };
    const check = (value: string) =>
      checkConnectorFields({ ...frame, connector, authMethod: bearer }, { host: value });
    expect(check('crm.internal')).toEqual({ host: 'crm.internal' });
    expect(() => check('evil.example')).toThrow(/The URL must begin with https/);
  });
});
