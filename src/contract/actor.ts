import type { Role } from './permission.js';

/** Who calls; everything below asks this one type. */
export type Actor =
  | { readonly kind: 'master'; readonly readOnly: boolean }
  | { readonly kind: 'user'; readonly userId: string }
  | BearerActor;

/** Whoever sends something that was given to a program, instead of signing in as a person. */
export type BearerActor = ApiKeyActor | OAuthTokenActor;

/** Whoever holds an API key: acts in one organization, and never does more than the person whose key it is may do there now. */
export interface ApiKeyActor {
  readonly kind: 'apiKey';
  readonly apiKeyId: string;
  readonly organizationId: string;
  /** The member in whose name the key acts. */
  readonly ownerId: string;
  /** Permissions of the hub and scopes of the host's, as the key was given them; what is still held of them is asked at each call. */
  readonly scopes: readonly string[];
}

/** Whoever holds an access token of an OAuth app: acts in one organization, and never does more than a person may do there now. */
export interface OAuthTokenActor {
  readonly kind: 'oauthToken';
  readonly appId: string;
  /** What the person approved; left out for a token of the app itself. */
  readonly grantId?: string | undefined;
  readonly organizationId: string;
  /** The person who approved, or the member who keeps the app. */
  readonly ownerId: string;
  /** As the token was given them; what is still held of them is asked at each call. */
  readonly scopes: readonly string[];
}

/** The organization a call acts in, already checked to be one of the caller's. */
export interface Membership {
  readonly organizationId: string;
  /** `undefined` for the master key, which belongs to no organization and may act in each. */
  readonly role: Role | undefined;
  /** Permissions of the hub, and scopes of the host's. */
  readonly permissions: ReadonlySet<string>;
}
