import type { AuthSpec, FieldSpec, FieldSpecs } from '../../contract/index.js';
import type { OpenApiDocument } from './document.js';
import { type JsonObject, memberOf, textOf } from './json.js';
import { camelCase, uniqueNames } from './names.js';
import type { Operation } from './operations.js';
import { rawParametersOf } from './parameters.js';
import { readRequirements } from './requirements.js';
import {
  type CredentialLocation,
  flowsOf,
  locationKey,
  locationOf,
  schemesOf,
  scopesOf,
  type SecurityScheme,
} from './schemes.js';
import { type FieldCollection, readServer } from './serverUrl.js';

/** The auth methods of a document, and what operations need of them. */
export interface SecurityPlan {
  readonly authMethods: Readonly<Record<string, AuthSpec>>;
  /** Schemes that could not become an auth method. */
  readonly skipped: readonly string[];
  /** Parameters that the credential sets and callers cannot: see `placeKey`. */
  readonly credentialLocations: ReadonlySet<string>;
}

export interface SecurityOptions {
  readonly collection: FieldCollection;
  readonly upgradeHttp: boolean;
  /** The connector's first server, to which relative URLs are relative. */
  readonly server: string;
}

const AUTH_METHODS_MAX = 20;

/**
 * Returns the auth methods of a document. Each set of schemes that the document requires together becomes one: the
 * document's own first, then those of single operations, the more frequent first; schemes that no operation requires
 * follow. Without any, `none`.
 */
export function securityOf(
  document: OpenApiDocument,
  operations: readonly Operation[],
  options: SecurityOptions,
): SecurityPlan {
  const schemes = new Map(schemesOf(document).map((scheme) => [scheme.name, scheme]));
  const nameOnce = uniqueNames();
  const authMethods: [string, AuthSpec][] = [];
  const skipped: string[] = [];
  const locations = new Set<string>();
  for (const names of setsOf(document, operations, [...schemes.keys()])) {
    if (authMethods.length >= AUTH_METHODS_MAX) break;
    const together = names.map((name) => schemes.get(name)).filter((each) => each !== undefined);
    const made = together.length < names.length ? [] : authMethodsOf(together, options);
    if (made.length === 0) skipped.push(names.join(' and '));
    else
      for (const location of together.map(locationOf))
        if (location) locations.add(locationKey(location));
    for (const { suffix, authMethod } of made) {
      authMethods.push([
        nameOnce(`${camelCase(names.join(' and ')) || 'credential'}${suffix}`),
        authMethod,
      ]);
    }
  }
  if (authMethods.length === 0 && requiresAuthorization(document, operations)) {
    authMethods.push(['authorization', AUTHORIZATION]);
  }
  if (authMethods.length === 0) authMethods.push(['none', { kind: 'none' }]);
  return { authMethods: Object.fromEntries(authMethods), skipped, credentialLocations: locations };
}

/** Returns the same auth methods, requesting these scopes as far as they declare them. */
export function withDefaultScopes(
  authMethods: Readonly<Record<string, AuthSpec>>,
  scopes: readonly string[],
): Readonly<Record<string, AuthSpec>> {
  return Object.fromEntries(
    Object.entries(authMethods).map(([name, authMethod]) => {
      if (!('defaultScopes' in authMethod) || authMethod.defaultScopes.length > 0)
        return [name, authMethod];
      const defaultScopes = scopes.filter((scope) => Object.hasOwn(authMethod.scopes, scope));
      return [name, { ...authMethod, defaultScopes }];
    }),
  );
}

/** For documents that declare no scheme but describe the header: the user enters its whole value. */
const AUTHORIZATION: AuthSpec = {
  kind: 'apiKey',
  location: { in: 'header', name: 'authorization' },
  key: { title: 'Authorization', help: 'The whole value of the header, such as Bearer abc.' },
};

function requiresAuthorization(
  document: OpenApiDocument,
  operations: readonly Operation[],
): boolean {
  // Each list once, however many operations share it.
  const lists = new Set(
    operations.flatMap((each) => [each.item, each.node].map((one) => memberOf(one, 'parameters'))),
  );
  return [...lists].some((parameters) =>
    rawParametersOf(document, { item: {}, node: { parameters } }).some(
      (each) =>
        memberOf(each, 'in') === 'header' &&
        /^authorization$/i.test(textOf(memberOf(each, 'name')) ?? ''),
    ),
  );
}

/** Returns the requirements as sets of names. A list that operations share is read once. */
function setsOf(
  { root }: OpenApiDocument,
  operations: readonly Operation[],
  declared: readonly string[],
): (readonly string[])[] {
  const sets = new Map<string, { names: readonly string[]; isOfAll: boolean; count: number }>();
  const add = (security: unknown, { isOfAll, times }: { isOfAll: boolean; times: number }) => {
    for (const names of readRequirements(security).sets) {
      const key = JSON.stringify([...names].sort());
      const set = sets.get(key) ?? { names, isOfAll, count: 0 };
      sets.set(key, set);
      set.count += times;
    }
  };
  add(memberOf(root, 'security'), { isOfAll: true, times: 1 });
  const own = new Map<unknown, number>();
  for (const { node } of operations) {
    const security = memberOf(node, 'security');
    own.set(security, (own.get(security) ?? 0) + 1);
  }
  for (const [security, times] of own) add(security, { isOfAll: false, times });
  const sorted = [...sets.values()]
    .sort((a, b) => Number(b.isOfAll) - Number(a.isOfAll) || b.count - a.count)
    .map(({ names }) => names);
  const required = new Set(sorted.flat());
  return [...sorted, ...declared.filter((name) => !required.has(name)).map((name) => [name])];
}

interface SuffixedAuthMethod {
  readonly suffix: string;
  readonly authMethod: AuthSpec;
}

function authMethodsOf(
  together: readonly SecurityScheme[],
  options: SecurityOptions,
): SuffixedAuthMethod[] {
  const [first] = together;
  if (!first) return [];
  if (together.length === 1) return singleAuthMethods(first, options);
  const locations = together.map((scheme) => ({ scheme, location: locationOf(scheme) }));
  // A grant or a password beside another scheme would need two credentials, which connections do not have.
  if (locations.some(({ location }) => location === undefined)) return [];
  return [{ suffix: '', authMethod: customAuthMethod(locations) }];
}

function singleAuthMethods(scheme: SecurityScheme, options: SecurityOptions): SuffixedAuthMethod[] {
  const { node } = scheme;
  const type = memberOf(node, 'type');
  const isBasic = type === 'basic' || /^basic$/i.test(textOf(memberOf(node, 'scheme')) ?? '');
  if (isBasic) return [{ suffix: '', authMethod: BASIC }];
  const aws = awsAuthMethod(node, options);
  if (aws) return [{ suffix: '', authMethod: aws }];
  if (type === 'oauth2') {
    const grants = oauth2AuthMethods(scheme, options);
    if (grants.length > 0) return grants;
  }
  const location = locationOf(scheme);
  if (!location) return [];
  if (location.in === 'cookie')
    return [{ suffix: '', authMethod: customAuthMethod([{ scheme, location }]) }];
  const key = { title: titleOf(scheme), ...helpOf(node) };
  const isBearer = location.in === 'header' && location.prefix === 'Bearer ';
  return [
    {
      suffix: '',
      authMethod: isBearer ? { kind: 'bearer', token: key } : { kind: 'apiKey', location, key },
    },
  ];
}

const BASIC: AuthSpec = {
  kind: 'basic',
  username: { title: 'User name', type: 'text' },
  // Many services take a key as the name and no password.
  password: { title: 'Password', type: 'secret' },
};

/** Returns an auth method for several texts at once, or for one in a cookie. */
function customAuthMethod(
  locations: readonly { scheme: SecurityScheme; location: CredentialLocation | undefined }[],
): AuthSpec {
  const nameOnce = uniqueNames();
  const fields: Record<string, FieldSpec> = {};
  const headers: [string, string][] = [];
  const query: [string, string][] = [];
  const cookies: string[] = [];
  for (const { scheme, location } of locations) {
    if (!location) continue;
    const field = nameOnce(camelCase(scheme.name) || 'credential');
    fields[field] = { title: titleOf(scheme), type: 'secret', ...helpOf(scheme.node) };
    if (location.in === 'query') query.push([location.name, `{${field}}`]);
    else if (location.in === 'cookie') cookies.push(`${location.name}={${field}}`);
    else headers.push([location.name.toLowerCase(), `${location.prefix ?? ''}{${field}}`]);
  }
  if (cookies.length > 0) headers.push(['cookie', cookies.join('; ')]);
  return {
    kind: 'custom',
    fields: fields satisfies FieldSpecs,
    headers: Object.fromEntries(headers),
    query: Object.fromEntries(query),
  };
}

/** Grants that result in a token without a user's password: for other grants a user enters a bearer token. */
function oauth2AuthMethods(scheme: SecurityScheme, options: SecurityOptions): SuffixedAuthMethod[] {
  const flows = flowsOf(scheme);
  const made: SuffixedAuthMethod[] = [];
  const code = memberOf(flows, 'authorizationCode') as JsonObject | undefined;
  const authorizeUrl = code && addressOf(memberOf(code, 'authorizationUrl'), options);
  const tokenUrl = code && addressOf(memberOf(code, 'tokenUrl'), options);
  if (code && authorizeUrl !== undefined && tokenUrl !== undefined) {
    const refreshUrl = addressOf(memberOf(code, 'refreshUrl'), options);
    const scopes = scopesOf(code);
    // The document says neither whether a refresh token works twice nor whether PKCE is supported: the safe values.
    const refresh = { singleUse: true, ...(refreshUrl !== undefined && { url: refreshUrl }) };
    const authMethod = {
      kind: 'oauth2Code',
      authorizeUrl,
      tokenUrl,
      pkce: false,
      refresh,
    } as const;
    made.push({ suffix: '', authMethod: { ...authMethod, scopes, defaultScopes: [] } });
  }
  const client = memberOf(flows, 'clientCredentials') as JsonObject | undefined;
  const clientUrl = client && addressOf(memberOf(client, 'tokenUrl'), options);
  if (client && clientUrl !== undefined) {
    const scopes = scopesOf(client);
    const authMethod = { kind: 'oauth2ClientCredentials', tokenUrl: clientUrl, scopes } as const;
    const suffix = made.length > 0 ? 'ClientCredentials' : '';
    made.push({ suffix, authMethod: { ...authMethod, defaultScopes: [] } });
  }
  return made;
}

function addressOf(url: unknown, options: SecurityOptions): string | undefined {
  if (textOf(url) === undefined) return undefined;
  const read = readServer({ url }, { ...options, base: options.server });
  return 'url' in read ? read.url : undefined;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html */
function awsAuthMethod(node: JsonObject, { server }: SecurityOptions): AuthSpec | undefined {
  if (memberOf(node, 'x-amazon-apigateway-authtype') !== 'awsSigv4') return undefined;
  // https://monitoring.{region}.amazonaws.com: the host begins with the name that signatures are made for.
  const [, service, regionField] =
    /^https:\/\/(?:[\w{}-]+\.)*?([a-z0-9-]+)\.\{(\w+)\}\.amazonaws\.com/.exec(server) ?? [];
  if (service === undefined || regionField === undefined) return undefined;
  return { kind: 'awsSigV4', service, regionField };
}

function titleOf({ name, node }: SecurityScheme): string {
  return (memberOf(node, 'type') === 'oauth2' ? 'Access token' : name).slice(0, 100);
}

function helpOf(node: JsonObject): { help?: string } {
  const help = textOf(memberOf(node, 'description'))?.replace(/\s+/g, ' ').slice(0, 300);
  return help === undefined ? {} : { help };
}
