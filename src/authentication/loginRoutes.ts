import type { ParseRequest } from './gateway.js';

/** What a request to Parse Server does that is counted: tests a password, creates users, or has an e-mail sent. */
export interface CountedRequest {
  readonly login?: LoginRequest | undefined;
  readonly signUps: number;
  /** The addresses that an e-mail is requested for. */
  readonly emails: readonly string[];
  /** Whether a batch has a log-in or an e-mail in it, which cannot be counted by the result. */
  readonly isInBatch: boolean;
}

export interface LoginRequest {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  /** Whether a second factor is tested as well, so that every failure may be a guess. */
  readonly hasFactors: boolean;
}

/** Routes of Parse Server that compare a password: https://docs.parseplatform.org/rest/guide/#logging-in */
const LOGINS = ['/login', '/verifypassword', '/challenge'];
const EMAILS = ['/requestpasswordreset', '/verificationemailrequest'];
const USERS = ['/users', '/classes/_user'];

/**
 * Returns what of a request is counted; `undefined` when nothing is. Parse Server matches paths without regard to case and
 * to slashes at both ends. `routeOf` returns where a part of a batch is routed.
 */
export function countedRequest(
  { path, method, body, query }: ParseRequest,
  routeOf: (path: string) => string | undefined,
): CountedRequest | undefined {
  const route = plainRoute(path);
  if (route === '/batch') return countedBatch(body, routeOf);
  if (LOGINS.includes(route))
    return { ...NOTHING, login: loginOf(fieldsOf(body), fieldsOf(query)) };
  if (method !== 'POST') return undefined;
  if (USERS.includes(route)) return { ...NOTHING, signUps: 1 };
  if (!EMAILS.includes(route)) return undefined;
  const { email } = fieldsOf(body);
  return { ...NOTHING, emails: typeof email === 'string' ? [email] : [] };
}

const NOTHING = { signUps: 0, emails: [], isInBatch: false };

function countedBatch(
  body: unknown,
  routeOf: (path: string) => string | undefined,
): CountedRequest | undefined {
  const { requests } = fieldsOf(body);
  if (!Array.isArray(requests)) return undefined;
  const parts = requests.map((part: unknown) => {
    const { path, method } = fieldsOf(part);
    const route = typeof path === 'string' ? plainRoute(routeOf(path) ?? path) : '';
    return { route, method: typeof method === 'string' ? method.toUpperCase() : 'GET' };
  });
  const isInBatch = parts.some(({ route }) => [...LOGINS, ...EMAILS].includes(route));
  const signUps = parts.filter(
    ({ route, method }) => method === 'POST' && USERS.includes(route),
  ).length;
  return isInBatch || signUps > 0 ? { ...NOTHING, signUps, isInBatch } : undefined;
}

function plainRoute(path: string): string {
  return `/${path.toLowerCase().split('/').filter(Boolean).join('/')}`;
}

/** Chooses between body and query as Parse Server does (UsersRouter, `_authenticateUserFromRequest`). */
function loginOf(body: Fields, query: Fields): LoginRequest {
  const isInQuery =
    (!body['username'] && Boolean(query['username'])) ||
    (!body['email'] && Boolean(query['email']));
  const { username, email } = isInQuery ? query : body;
  return { username: text(username), email: text(email), hasFactors: Boolean(body['authData']) };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Parse Server refuses everything else without comparing the password. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
