import type { Permission, Role } from './permission.js';

/** Who calls. API keys and OAuth tokens become further kinds; everything below asks this one type. */
export type Actor =
  | { readonly kind: 'master'; readonly readOnly: boolean }
  | { readonly kind: 'user'; readonly userId: string };

/** The organisation a call acts in, already checked to be one of the caller's. */
export interface Membership {
  readonly organizationId: string;
  /** `undefined` for the master key, which belongs to no organisation and may act in each. */
  readonly role: Role | undefined;
  readonly permissions: ReadonlySet<Permission>;
}
