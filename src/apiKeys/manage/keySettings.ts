import type { Actor, Membership } from '../../contract/index.js';
import type { KeyLimits } from '../verify/limits.js';

/** The settings of a key, without its secret. */
export interface ApiKeySettings {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly addresses: readonly string[];
  readonly origins: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly limits: KeyLimits;
  /** `undefined`: the key does not expire. */
  readonly expiresAt: Date | undefined;
}

/** The settings to change. Omitted ones keep their value; an `expiresAt` of `undefined` removes the expiry. */
export type ApiKeyUpdate = { readonly [K in keyof ApiKeySettings]?: ApiKeySettings[K] | undefined };

/** The caller of a function that manages keys. */
export interface KeyAdminCaller {
  readonly actor: Actor;
  readonly organization: Membership;
}
