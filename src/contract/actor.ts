import type { Role } from './permission.js';

/** The caller; all code below authentication uses this one type. */
export type Actor =
  | { readonly kind: 'master'; readonly readOnly: boolean }
  | { readonly kind: 'user'; readonly userId: string }
  | BearerActor;

/** A caller who sends a credential of a program instead of signing in as a person. */
export type BearerActor = ApiKeyActor | OAuthTokenActor;

/**
 * The holder of an API key: acts in one organization, with at most the current permissions of the key's owner there.
 */
export interface ApiKeyActor {
  readonly kind: 'apiKey';
  readonly apiKeyId: string;
  readonly organizationId: string;
  /** The member on whose behalf the key acts. */
  readonly ownerId: string;
  /**
   * Permissions of the hub and scopes of the host's, as they were granted to the key; each call checks which of them
   * the owner still has.
   */
  readonly scopes: readonly string[];
}

/**
 * The holder of an OAuth app's access token: acts in one organization, with at most the current permissions of its
 * owner there.
 */
export interface OAuthTokenActor {
  readonly kind: 'oauthToken';
  readonly appId: string;
  /** The grant that the user approved; absent for a token of the app itself. */
  readonly grantId?: string | undefined;
  readonly organizationId: string;
  /** The user who approved, or the member who owns the app. */
  readonly ownerId: string;
  /** The scopes granted to the token; each call checks which of them the owner still has. */
  readonly scopes: readonly string[];
}

/** The organization that a call acts in; the caller was checked to belong to it. */
export interface Membership {
  /** Who acts in it. */
  readonly actor: Actor;
  readonly organizationId: string;
  /** `undefined` for the master key, which belongs to no organization and may act in every one. */
  readonly role: Role | undefined;
  /** Permissions of the hub, and scopes of the host's. */
  readonly permissions: ReadonlySet<string>;
}
