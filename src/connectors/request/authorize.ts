import type {
  AuthSpec,
  CustomAuth,
  FieldSpecs,
  OAuth1,
  TokenLocation,
} from '../../contract/index.js';
import { connectorErrors } from '../errors.js';
import { type FieldValues, fillIn } from './buildRequest.js';
import { signOAuth1 } from './oauth1.js';
import type { Outgoing } from './outgoing.js';
import { signAws } from './signAws.js';

/** Opened secrets of a connection, by the names that `secretFieldsOf` gives, or `accessToken` where a grant yields one. */
type Credential = Readonly<Record<string, string>>;

export interface Authorization {
  readonly authMethod: AuthSpec;
  readonly credential: Credential;
  /** The connector's fields: a region, say. */
  readonly fields: FieldValues;
  readonly now: Date;
}

/** Puts the credential where the service expects it. The one place where a request and a secret meet. */
export function authorize(outgoing: Outgoing, authorization: Authorization): Outgoing {
  const { authMethod: way, credential, fields, now } = authorization;
  switch (way.kind) {
    case 'oauth2Code':
    case 'oauth2ClientCredentials':
      return withToken(outgoing, way.location ?? BEARER, secretOf(credential, 'accessToken'));
    case 'jwtServiceAccount':
      return withToken(outgoing, BEARER, secretOf(credential, 'accessToken'));
    case 'bearer':
      return withToken(outgoing, BEARER, secretOf(credential, 'token'));
    case 'apiKey':
      return withToken(outgoing, way.location, secretOf(credential, 'key'));
    case 'basic': {
      const pair = (['username', 'password'] as const).map((name) => {
        const part = way[name];
        return 'fixed' in part ? part.fixed : secretOf(credential, name);
      });
      const encoded = Buffer.from(pair.join(':')).toString('base64');
      return withHeaders(outgoing, { authorization: `Basic ${encoded}` });
    }
    case 'custom':
      return withFields(outgoing, way, { ...fields, ...credential });
    case 'awsSigV4':
      return signAws(outgoing, {
        service: way.services?.[outgoing.server ?? ''] ?? way.service,
        region: fillIn(`{${way.regionField}}`, fields),
        accessKeyId: secretOf(credential, 'accessKeyId'),
        secretAccessKey: secretOf(credential, 'secretAccessKey'),
        sessionToken: credential['sessionToken'],
        now,
      });
    case 'oauth1':
      return signOAuth1(outgoing, {
        authMethod: way,
        credential,
        now,
        realm: way.realm && fillIn(way.realm, fields),
      });
    case 'none':
      return outgoing;
  }
}

/** What a person fills in for a way to connect; none where a grant yields a token. All are secret. */
export function secretFieldsOf(authMethod: AuthSpec): FieldSpecs {
  switch (authMethod.kind) {
    case 'bearer':
      return { token: { ...authMethod.token, type: 'secret' } };
    case 'apiKey':
      return { key: { ...authMethod.key, type: 'secret' } };
    case 'basic':
      return Object.fromEntries(
        (['username', 'password'] as const).flatMap((name) => {
          const part = authMethod[name];
          return 'fixed' in part ? [] : [[name, part]];
        }),
      );
    case 'custom':
      return authMethod.fields;
    case 'awsSigV4':
      return {
        accessKeyId: { title: 'Access key id', type: 'text', pattern: '[A-Z0-9]{16,128}' },
        secretAccessKey: { title: 'Secret access key', type: 'secret' },
        sessionToken: { title: 'Session token', type: 'secret', required: false },
      };
    case 'jwtServiceAccount':
      return {
        clientEmail: { title: 'Service account', type: 'text' },
        privateKey: { title: 'Private key', type: 'secret', pattern: '-----BEGIN [\\s\\S]+' },
      };
    case 'oauth2Code':
    case 'oauth2ClientCredentials':
      return {
        clientId: { title: 'Client id', type: 'text' },
        clientSecret: { title: 'Client secret', type: 'secret' },
      };
    case 'oauth1':
      return oauth1Fields(authMethod);
    case 'none':
      return {};
  }
}

/** The client of a consent by the names that every client has; else what somebody has made at the service. */
function oauth1Fields({ consent }: OAuth1): FieldSpecs {
  if (consent) {
    return {
      clientId: { title: 'Consumer key', type: 'text' },
      clientSecret: { title: 'Consumer secret', type: 'secret' },
    };
  }
  return {
    consumerKey: { title: 'Consumer key', type: 'text' },
    consumerSecret: { title: 'Consumer secret', type: 'secret' },
    token: { title: 'Access token', type: 'text' },
    tokenSecret: { title: 'Access token secret', type: 'secret' },
  };
}

const BEARER: TokenLocation = { in: 'header', name: 'authorization', prefix: 'Bearer ' };

function withToken(outgoing: Outgoing, where: TokenLocation, secret: string): Outgoing {
  if (where.in === 'query') return withQuery(outgoing, { [where.name]: secret });
  return withHeaders(outgoing, { [where.name]: `${where.prefix ?? ''}${secret}` });
}

function withFields(
  outgoing: Outgoing,
  { headers = {}, query = {} }: Pick<CustomAuth, 'headers' | 'query'>,
  values: FieldValues,
): Outgoing {
  const fill = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [fillIn(name, values), fillIn(text, values)]),
    );
  return withQuery(withHeaders(outgoing, fill(headers)), fill(query));
}

function withHeaders(outgoing: Outgoing, headers: Readonly<Record<string, string>>): Outgoing {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...outgoing,
    headers: { ...outgoing.headers, ...(Object.fromEntries(lower) as Record<string, string>) },
  };
}

function withQuery(outgoing: Outgoing, query: Readonly<Record<string, string>>): Outgoing {
  const url = new URL(outgoing.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { ...outgoing, url };
}

function secretOf(credential: Credential, name: string): string {
  const value = Object.hasOwn(credential, name) ? credential[name] : undefined;
  if (value === undefined || value === '') throw connectorErrors.FieldMissing({ field: name });
  return value;
}
