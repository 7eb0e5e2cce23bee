import { randomUUID } from 'node:crypto';

import { type ParseSdk, serverConfig } from './sdk.js';

interface ParseUser {
  readonly id: string;
  readonly username: string;
  readonly email?: string | undefined;
  readonly isEmailVerified: boolean;
}

/** Whose password is tested: what a log-in names, as it was sent. `username` may be an e-mail address, unless both are given. */
interface LoginName {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
}

/** Parse’s users, as far as the hub authenticates them. */
export interface Users {
  load(id: string): Promise<ParseUser | undefined>;
  /**
   * Finds a user by user name or e-mail address, and password; creates no session. `undefined` when Parse refuses the
   * login, whatever the reason.
   */
  byPassword(name: string, password: string): Promise<ParseUser | undefined>;
  bySession(sessionToken: string): Promise<ParseUser | undefined>;
  /**
   * Returns a key of the account that Parse Server compares the password with: the same by user name and by e-mail address.
   * A name that no user has is its own account, so that it is treated as one that exists.
   */
  accountOf(name: LoginName): Promise<string>;
}

/**
 * Marks a password test of this process. Without `directAccess` it comes back as a request over HTTP, which must not be counted
 * a second time, under the address of this machine.
 */
const OWN_TEST = { context: { hubPasswordTest: randomUUID() } };

/** Whether a request is a password test that this process itself sends, and has counted. */
export function isOwnPasswordTest(info: { readonly context?: unknown } | undefined): boolean {
  const context = info?.context as Partial<typeof OWN_TEST.context> | undefined;
  return context?.hubPasswordTest === OWN_TEST.context.hubPasswordTest;
}

const asMaster = { useMasterKey: true } as const;
type User = InstanceType<ParseSdk['User']>;

export function parseUsers(Parse: ParseSdk): Users {
  const verifiesEmails = () => serverConfig(Parse).verifyUserEmails === true;
  const view = (user: User): ParseUser => {
    const email: unknown = user.get('email');
    return {
      id: user.id ?? '',
      username: String(user.get('username') ?? ''),
      ...(typeof email === 'string' && { email }),
      // Otherwise Parse Server keeps the mark when the address changes.
      isEmailVerified: verifiesEmails() && user.get('emailVerified') === true,
    };
  };
  const load = async (id: string) => {
    const user = await new Parse.Query<User>('_User').equalTo('objectId', id).first(asMaster);
    return user && view(user);
  };
  return {
    load,
    async accountOf({ username, email }) {
      const unknown = JSON.stringify(['name', username, email]);
      // PostgreSQL cannot store U+0000, so no user has such a name.
      if (unknown.includes('\\u0000')) return unknown;
      const query = loginQuery({ username, email });
      if (!query) return unknown;
      const { database } = serverConfig(Parse);
      const rows = await database.find('_User', query, {
        limit: 2,
        keys: ['objectId', 'username'],
      });
      // The user name of one may be the e-mail address of another: Parse Server takes the user name.
      const row = rows.length > 1 ? rows.find((each) => each['username'] === username) : rows[0];
      return row ? JSON.stringify(['user', row.objectId]) : unknown;
    },
    async byPassword(name, password) {
      if (name === '' || password === '') return undefined;
      try {
        // Its typings promise a user; it returns the row.
        const found: unknown = await Parse.User.verifyPassword(name, password, OWN_TEST);
        return await load(String((found as { readonly objectId?: unknown }).objectId));
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw error;
      }
    },
    async bySession(sessionToken) {
      try {
        return view(await Parse.User.me<User>(sessionToken));
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw error;
      }
    },
  };
}

/** As in Parse Server's UsersRouter. */
function loginQuery({ username, email }: LoginName) {
  if (email !== undefined) return username === undefined ? { email } : { email, username };
  return username === undefined ? undefined : { $or: [{ username }, { email: username }] };
}

// https://docs.parseplatform.org/rest/guide/#error-codes: OBJECT_NOT_FOUND (wrong, locked), EMAIL_NOT_FOUND (not verified), INVALID_SESSION_TOKEN
const REFUSALS = [101, 205, 209];

function isRefusal(error: unknown): boolean {
  return REFUSALS.includes(Number((error as { readonly code?: unknown }).code));
}
