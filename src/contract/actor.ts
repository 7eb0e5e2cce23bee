import type { Permission, Role } from './permission.js';

/** Who calls. OAuth tokens become a further kind; everything below asks this one type. */
export type Actor =
  | { readonly kind: 'master'; readonly readOnly: boolean }
  | { readonly kind: 'user'; readonly userId: string }
  | ApiKeyActor;

/** Whoever holds an API key: acts in one organisation, and never does more than the person whose key it is may do there now. */
export interface ApiKeyActor {
  readonly kind: 'apiKey';
  readonly apiKeyId: string;
  readonly organizationId: string;
  /** The member in whose name the key acts. */
  readonly keeperId: string;
  readonly scopes: readonly Permission[];
}

/** The organisation a call acts in, already checked to be one of the caller's. */
export interface Membership {
  readonly organizationId: string;
  /** `undefined` for the master key, which belongs to no organisation and may act in each. */
  readonly role: Role | undefined;
  readonly permissions: ReadonlySet<Permission>;
}
