import type { ParseSdk } from './sdk.js';

interface ParseUser {
  readonly id: string;
  readonly username: string;
  readonly email?: string | undefined;
  readonly isEmailVerified: boolean;
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
}

const asMaster = { useMasterKey: true } as const;
type User = InstanceType<ParseSdk['User']>;

export function parseUsers(Parse: ParseSdk): Users {
  const view = (user: User): ParseUser => {
    const email: unknown = user.get('email');
    return {
      id: user.id ?? '',
      username: String(user.get('username') ?? ''),
      ...(typeof email === 'string' && { email }),
      isEmailVerified: user.get('emailVerified') === true,
    };
  };
  const load = async (id: string) => {
    const user = await new Parse.Query<User>('_User').equalTo('objectId', id).first(asMaster);
    return user && view(user);
  };
  return {
    load,
    async byPassword(name, password) {
      if (name === '' || password === '') return undefined;
      try {
        // Its typings promise a user; it returns the row.
        const found: unknown = await Parse.User.verifyPassword(name, password);
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

// https://docs.parseplatform.org/rest/guide/#error-codes: OBJECT_NOT_FOUND (wrong, locked), EMAIL_NOT_FOUND (not verified), INVALID_SESSION_TOKEN
const REFUSALS = [101, 205, 209];

function isRefusal(error: unknown): boolean {
  return REFUSALS.includes(Number((error as { readonly code?: unknown }).code));
}
