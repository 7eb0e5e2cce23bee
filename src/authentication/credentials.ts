import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import type { Application, BearerKind, ParseRequest, Presented } from './gateway.js';

const OTHER_CREDENTIALS = [
  'x-parse-session-token',
  'x-parse-master-key',
  'x-parse-maintenance-key',
] as const;

/** Returns the credentials of these kinds in the headers, and the number of other credentials. */
export function credentialsIn(
  { headers, rawHeaders }: IncomingMessage,
  kinds: readonly BearerKind[],
): { readonly presented: readonly Presented[]; readonly others: number } {
  const isThere = ({ header }: BearerKind) => header !== undefined && headers[header] !== undefined;
  if (headers.authorization === undefined && !kinds.some(isThere))
    return { presented: [], others: 0 };
  const presented: Presented[] = [];
  let others = OTHER_CREDENTIALS.filter((name) => headers[name] !== undefined).length;
  // `headers` has only the first of two equal headers.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value = ''] = [rawHeaders[at]?.toLowerCase(), rawHeaders[at + 1]];
    const own = kinds.find(({ header }) => header !== undefined && header === name);
    if (own) presented.push({ kind: own, credential: value.trim() });
    if (name !== 'authorization') continue;
    const authorized = authorizationOf(value, kinds);
    if (authorized) presented.push(authorized);
    else others += 1;
  }
  return { presented, others };
}

function authorizationOf(value: string, kinds: readonly BearerKind[]): Presented | undefined {
  const [, given = '', credential = ''] = /^([A-Za-z]+) +(\S+) *$/.exec(value) ?? [];
  const scheme = given.toLowerCase();
  const kind = kinds.find((each) => each.schemes.includes(scheme) && each.looksLike(credential));
  return kind && { kind, credential, scheme };
}

/** Returns whether the header Authorization has a bearer or DPoP token that is of none of these kinds, or malformed. */
export function hasForeignBearer(
  { rawHeaders }: IncomingMessage,
  kinds: readonly BearerKind[],
): boolean {
  return rawHeaders.some((name, at) => {
    if (at % 2 !== 0 || name.toLowerCase() !== 'authorization') return false;
    const value = rawHeaders[at + 1] ?? '';
    return /^(?:bearer|dpop)(?:\s|$)/i.test(value) && authorizationOf(value, kinds) === undefined;
  });
}

/** Deletes the credentials from the headers, so that no log and no cloud code sees them. */
export function takeOut(headers: IncomingHttpHeaders, kinds: readonly BearerKind[]): void {
  delete headers.authorization;
  for (const { header } of kinds) {
    if (header !== undefined) Reflect.deleteProperty(headers, header);
  }
}

/** Names the application, which a program with a key need not know. The SDK does it in the body instead. */
export function nameApplication(
  headers: IncomingHttpHeaders,
  application: Application | undefined,
): void {
  const isFromSdk = /^text\/plain/i.test(headers['content-type'] ?? '');
  if (!application || isFromSdk) return;
  headers['x-parse-application-id'] ??= application.id;
  const { clientKey } = application;
  if (clientKey) headers[clientKey.header] ??= clientKey.key;
}

/** Whether Parse Server found another credential; it takes them from bodies as well. */
export function hasOtherCredential({ auth, info = {}, userFromJWT }: ParseRequest): boolean {
  const isAuthenticated = auth?.isMaster === true || auth?.isMaintenance === true || auth?.user;
  const sent = ['sessionToken', 'masterKey', 'maintenanceKey'].some((name) => info[name]);
  return Boolean(isAuthenticated) || sent || userFromJWT !== undefined;
}
