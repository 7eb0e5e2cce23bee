import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { posix } from 'node:path';

import { apiKeyErrors, type ApiKeys, looksLikeKey } from '../src/apiKeys/index.js';
import { type ApiKeyActor, AppError, commonErrors } from '../src/contract/index.js';
import type { Log } from '../src/platform/log.js';
import { giveRequestId, requestIdOf } from './requestId.js';

/** What a hub that runs gives to those who come with a key. */
export interface KeyDoor {
  readonly apiKeys: Pick<ApiKeys, 'callers'>;
  readonly log: Log;
  readonly appId: string;
  /** Paths under which Parse Server is mounted, as batches name them: `/parse`. */
  readonly mounts: readonly string[];
  isFunction(name: string): boolean;
}

/** A request as Parse Server has made it by the time that its `requestContextMiddleware` runs. */
export interface ParseRequest extends IncomingMessage {
  readonly path: string;
  readonly originalUrl: string;
  readonly ip?: string | undefined;
  readonly body?: unknown;
  readonly userFromJWT?: unknown;
  readonly auth?: { readonly isMaster?: boolean; readonly isMaintenance?: boolean; user?: unknown };
  readonly info?: Readonly<Record<string, unknown>>;
}

type Next = (error?: unknown) => void;

/**
 * Makes API keys callers. To Parse Server itself a request with a key is one of nobody: it is what the hub's functions, and
 * those of the host that ask `callerOf`, make of it that counts, by whatever way a function is reached.
 */
export interface Authenticator {
  /** Before Parse Server: takes the key out of the headers, so that no log and no cloud code sees it. */
  readonly receive: (req: IncomingMessage, res: ServerResponse, next: () => void) => void;
  /** Within it, once it knows what else was sent: lets the key in or answers why not. */
  readonly admit: (req: ParseRequest, res: ServerResponse, next: Next) => void;
  /** The key with which a cloud function was called, by the headers that Parse Server hands to it. */
  actorOf(headers: object | undefined): ApiKeyActor | undefined;
}

export function createAuthenticator(door: () => KeyDoor | undefined): Authenticator {
  const presented = new WeakMap<object, string>();
  const admitted = new WeakMap<object, ApiKeyActor>();

  async function admit(req: ParseRequest, key: string): Promise<void> {
    const open = door();
    if (!open) throw new Error('A key came before Parse Server had started.');
    if (hasOtherCredential(req)) throw apiKeyErrors.CredentialsMixed();
    const { origin, 'user-agent': agent } = req.headers;
    const { actor } = await open.apiKeys.callers.admit({
      ...{ key, origin, agent, address: req.ip },
      functions: functionsIn(req, open),
    });
    admitted.set(req.headers, actor);
  }

  return {
    actorOf: (headers) => headers && admitted.get(headers),

    receive(req, res, next) {
      giveRequestId(req, res, () => undefined);
      const { keys, others } = credentialsIn(req);
      const [key] = keys;
      if (key === undefined) {
        next();
        return;
      }
      delete req.headers['x-api-key'];
      delete req.headers.authorization;
      if (keys.length > 1 || others > 0) {
        refuse(res, apiKeyErrors.CredentialsMixed());
        return;
      }
      if (!FUNCTIONS_OR_BATCH.test(req.url ?? '')) {
        refuse(res, apiKeyErrors.FunctionsOnly());
        return;
      }
      presented.set(req.headers, key);
      nameApplication(req.headers, door()?.appId);
      next();
    },

    admit(req, res, next) {
      const key = presented.get(req.headers);
      if (key === undefined) {
        next();
        return;
      }
      admit(req, key).then(
        () => {
          next();
        },
        (error: unknown) => {
          refuse(res, shownOf(error, req, door()?.log));
        },
      );
    },
  };
}

const FUNCTIONS_OR_BATCH = /^\/(?:functions\/[^/?#]+|batch)\/?(?:\?|$)/;
const OTHER_CREDENTIALS = [
  'x-parse-session-token',
  'x-parse-master-key',
  'x-parse-maintenance-key',
] as const;

/** The keys in the headers, and how many other credentials there are. A bearer token that is no key is somebody else’s. */
function credentialsIn({ headers, rawHeaders }: IncomingMessage) {
  if (headers['x-api-key'] === undefined && headers.authorization === undefined)
    return { keys: [], others: 0 };
  const keys: string[] = [];
  let others = OTHER_CREDENTIALS.filter((name) => headers[name] !== undefined).length;
  // Not `headers`, which has one of two that came.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value = ''] = [rawHeaders[at]?.toLowerCase(), rawHeaders[at + 1]];
    if (name === 'x-api-key') keys.push(value.trim());
    if (name !== 'authorization') continue;
    const [, token] = /^Bearer +(\S+) *$/i.exec(value) ?? [];
    if (token !== undefined && looksLikeKey(token)) keys.push(token);
    else others += 1;
  }
  return { keys, others };
}

/** Whoever has a key need not know the application. The SDK names it in the body, which has to stay as it is then. */
function nameApplication(headers: IncomingHttpHeaders, appId: string | undefined): void {
  const isFromSdk = /^text\/plain/i.test(headers['content-type'] ?? '');
  if (appId !== undefined && !isFromSdk) headers['x-parse-application-id'] ??= appId;
}

/** Parse Server takes credentials from bodies as well. */
function hasOtherCredential({ auth, info = {}, userFromJWT }: ParseRequest): boolean {
  const isSomebody = auth?.isMaster === true || auth?.isMaintenance === true || auth?.user;
  const sent = ['sessionToken', 'masterKey', 'maintenanceKey'].some((name) => info[name]);
  return Boolean(isSomebody) || sent || userFromJWT !== undefined;
}

/** The functions that a request calls. Throws FunctionsOnly when it is for anything else. */
function functionsIn(req: ParseRequest, { mounts, isFunction }: KeyDoor): string[] {
  const known = (name: string) => (isFunction(name) ? name : '(others)');
  const called = /^\/functions\/([^/]+)\/?$/.exec(req.path)?.[1];
  if (called !== undefined) return [known(decoded(called))];
  const requests = (req.body as { readonly requests?: unknown } | undefined)?.requests;
  // Parse Server says itself what is wrong with a batch that is none.
  if (!Array.isArray(requests)) return [];
  const own = posix.dirname(posix.normalize(req.originalUrl.split('?')[0] ?? ''));
  return requests.map((request: unknown) => {
    const path = (request as { readonly path?: unknown } | null)?.path;
    const name = typeof path === 'string' ? functionAt(path, [own, ...mounts]) : undefined;
    if (name === undefined) throw apiKeyErrors.FunctionsOnly();
    return known(name);
  });
}

function functionAt(path: string, mounts: readonly string[]): string | undefined {
  const plain = posix.normalize(path);
  for (const mount of mounts) {
    const begin = posix.join('/', mount, 'functions/');
    const name = plain.startsWith(begin) ? plain.slice(begin.length).replace(/\/$/, '') : '';
    if (name !== '' && !name.includes('/')) return name;
  }
  return undefined;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function shownOf(error: unknown, { headers, ip }: ParseRequest, log: Log | undefined): AppError {
  const requestId = requestIdOf(headers);
  if (error instanceof AppError) {
    const shown = error as AppError;
    const { kind: outcome, spec } = shown;
    log?.info({ requestId, ip, actor: 'apiKey', outcome, code: spec.code }, 'request.refused');
    return shown;
  }
  log?.error({ requestId, ip, err: error }, 'request.failed');
  return commonErrors.Internal({ requestId });
}

/** As Parse Server answers, but for the status: this is no function’s error. */
function refuse(res: ServerResponse, { spec, message, detail }: AppError): void {
  const retryAfter = detail?.['retryAfterSeconds'];
  if (typeof retryAfter === 'number') res.setHeader('Retry-After', retryAfter);
  // https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
  if (spec.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  res.writeHead(spec.status, { 'Content-Type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify({ code: spec.code, error: message }));
}
