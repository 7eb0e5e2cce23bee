import type {
  AuthSpec,
  CustomAuth,
  FieldSpecs,
  OAuth1,
  TokenLocation,
} from '../../contract/index.js';
import { connectorErrors } from '../errors.js';
import { type FieldValues, fillIn } from './fillIn.js';
import { signOAuth1 } from './oauth1.js';
import { type Outgoing, withHeaders } from './outgoing.js';
import { signAws } from './signAws.js';

/** Decrypted secrets of a connection, by the names that `secretFieldsOf` returns, or `accessToken` where a grant yields one. */
type Credential = Readonly<Record<string, string>>;

export interface Authorization {
  readonly authMethod: AuthSpec;
  readonly credential: Credential;
  /** The connector's fields, such as a region. */
  readonly fields: FieldValues;
  readonly now: Date;
}

/**
 * Returns the request with the credential where the service expects it. Called last, because signatures cover the whole
 * request; nothing else puts a secret into one. Throws FieldMissing where the credential lacks a part.
 */
export function authorize(outgoing: Outgoing, authorization: Authorization): Outgoing {
  const { authMethod, credential, fields, now } = authorization;
  switch (authMethod.kind) {
    case 'oauth2Code':
    case 'oauth2ClientCredentials':
      return withToken(
        outgoing,
        authMethod.location ?? BEARER,
        secretOf(credential, 'accessToken'),
      );
    case 'jwtServiceAccount':
      return withToken(outgoing, BEARER, secretOf(credential, 'accessToken'));
    case 'bearer':
      return withToken(outgoing, BEARER, secretOf(credential, 'token'));
    case 'apiKey':
      return withToken(outgoing, authMethod.location, secretOf(credential, 'key'));
    case 'basic': {
      const pair = (['username', 'password'] as const).map((name) => {
        const part = authMethod[name];
        return 'fixed' in part ? part.fixed : secretOf(credential, name);
      });
      const encoded = Buffer.from(pair.join(':')).toString('base64');
      return withHeaders(outgoing, { authorization: `Basic ${encoded}` });
    }
    case 'custom':
      return withFields(outgoing, authMethod, { ...fields, ...credential });
    case 'awsSigV4':
      return signAws(outgoing, {
        service: authMethod.services?.[outgoing.server ?? ''] ?? authMethod.service,
        region: fillIn(`{${authMethod.regionField}}`, fields),
        accessKeyId: secretOf(credential, 'accessKeyId'),
        secretAccessKey: secretOf(credential, 'secretAccessKey'),
        sessionToken: credential['sessionToken'],
        now,
      });
    case 'oauth1':
      return signOAuth1(outgoing, {
        authMethod,
        credential,
        now,
        realm: authMethod.realm && fillIn(authMethod.realm, fields),
      });
    case 'none':
      return outgoing;
  }
}

/**
 * Returns the fields that a user fills in for an auth method; all of them are secret. Empty where no credential is
 * needed.
 */
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

/**
 * Returns the fields of OAuth 1. With a consent: the OAuth client. Without one: the client and the token that the user
 * created at the service.
 */
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
