import type { Role } from '../contract/index.js';

/** A person of the host’s, as far as the authorization server is concerned. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email?: string | undefined;
  readonly isEmailVerified: boolean;
}

/** The host’s users. */
export interface People {
  /** `undefined` when there is no such user any more. */
  load(id: string): Promise<Person | undefined>;
  /** By name (or e-mail address) and password, without a session; `undefined` when they do not fit or the user is locked. */
  byPassword(name: string, password: string): Promise<Person | undefined>;
  /** Whose session it is, if it is a good one. */
  bySession(sessionToken: string): Promise<Person | undefined>;
}

export interface OrganizationChoice {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Who belongs where. */
export interface Organizations {
  /** Those of a person, by name. */
  choicesOf(userId: string): Promise<readonly OrganizationChoice[]>;
  nameOf(organizationId: string): Promise<string>;
}
