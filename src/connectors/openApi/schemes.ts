import { HEADER_NAME, type TokenLocation } from '../../contract/index.js';
import type { OpenApiDocument } from './document.js';
import { resolve } from './document.js';
import { entriesOf, type JsonObject, memberOf, objectOf, textOf } from './json.js';

/** A security scheme of a document, in the terms of OpenAPI 3. */
export interface SecurityScheme {
  readonly name: string;
  readonly node: JsonObject;
}

/** Where the credential of any scheme, a key or a token, is sent. */
export type CredentialLocation = TokenLocation | { readonly in: 'cookie'; readonly name: string };

/** Returns every scheme that the document declares. */
export function schemesOf(document: OpenApiDocument): readonly SecurityScheme[] {
  const { version, root } = document;
  const declared =
    version === '2.0'
      ? memberOf(root, 'securityDefinitions')
      : memberOf(memberOf(root, 'components'), 'securitySchemes');
  return entriesOf(declared).flatMap(([name, each]) => {
    const node = resolve(document, each);
    return node ? [{ name, node }] : [];
  });
}

/** Returns where a scheme sends its one text as the user entered it; `undefined` for a scheme of more than one text. */
export function locationOf({ node }: SecurityScheme): CredentialLocation | undefined {
  switch (memberOf(node, 'type')) {
    case 'apiKey':
      return apiKeyLocation(node);
    case 'http':
      return httpLocation((textOf(memberOf(node, 'scheme')) ?? '').toLowerCase());
    case 'openIdConnect':
      return BEARER;
    case 'oauth2':
      return BEARER;
    default:
      return undefined;
  }
}

/** Returns a location in a form that can be compared: `header x-api-key`, `query token`. */
export function locationKey(location: { readonly in: string; readonly name: string }): string {
  return `${location.in} ${location.in === 'header' ? location.name.toLowerCase() : location.name}`;
}

const BEARER: CredentialLocation = { in: 'header', name: 'authorization', prefix: 'Bearer ' };

function apiKeyLocation(node: JsonObject): CredentialLocation | undefined {
  const name = textOf(memberOf(node, 'name'));
  const location = memberOf(node, 'in');
  if (name === undefined) return undefined;
  if (location === 'query') return { in: 'query', name };
  if ((location !== 'header' && location !== 'cookie') || !HEADER_NAME.test(name)) return undefined;
  return { in: location, name };
}

/** https://www.iana.org/assignments/http-authschemes/http-authschemes.xhtml */
function httpLocation(scheme: string): CredentialLocation | undefined {
  if (scheme === 'bearer') return BEARER;
  // These are an exchange, or computed from each request.
  if (!/^[a-z][\w-]*$/.test(scheme)) return undefined;
  if (['basic', 'digest', 'hoba', 'mutual', 'negotiate', 'vapid', 'dpop'].includes(scheme)) {
    return undefined;
  }
  return { in: 'header', name: 'authorization', prefix: `${scheme} ` };
}

const RENAMED: ReadonlyMap<string, string> = new Map([
  ['accessCode', 'authorizationCode'],
  ['application', 'clientCredentials'],
]);

/**
 * Returns the grants of a scheme by their names in OpenAPI 3;
 * https://swagger.io/specification/v2/#security-scheme-object has others.
 */
export function flowsOf({ node }: SecurityScheme): Readonly<Record<string, JsonObject>> {
  const single = textOf(memberOf(node, 'flow'));
  const flows =
    single === undefined ? entriesOf(memberOf(node, 'flows')) : [[single, node] as const];
  return Object.fromEntries(
    flows.flatMap(([name, flow]) => {
      const found = objectOf(flow);
      return found ? [[RENAMED.get(name) ?? name, found]] : [];
    }),
  );
}

/** Returns the scopes of a flow with their descriptions. */
export function scopesOf(flow: JsonObject): Record<string, string> {
  return Object.fromEntries(
    entriesOf(memberOf(flow, 'scopes')).map(([scope, meaning]) => [
      scope,
      textOf(meaning) ?? scope,
    ]),
  );
}
