import type { Role } from '../contract/index.js';

/** A user of the host, as the authorization server sees them. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email?: string | undefined;
  readonly isEmailVerified: boolean;
}

/** The host’s users. */
export interface People {
  /** `undefined` when the user does not exist, or no longer. */
  load(id: string): Promise<Person | undefined>;
  /** Finds a user by name (or e-mail address) and password, without a session; `undefined` when they are wrong or the account is locked. */
  byPassword(name: string, password: string): Promise<Person | undefined>;
  /** The user of a Parse session; `undefined` when the session is not valid. */
  bySession(sessionToken: string): Promise<Person | undefined>;
}

export interface OrganizationChoice {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Memberships and names of organizations. */
export interface Organizations {
  /** The organizations of a person, sorted by name. */
  choicesOf(userId: string): Promise<readonly OrganizationChoice[]>;
  nameOf(organizationId: string): Promise<string>;
}
