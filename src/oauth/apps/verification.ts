import { type Actor, commonErrors } from '../../contract/index.js';
import type { OAuthAppRow } from '../store.js';
import type { AppSettings } from './appSettings.js';

type Change = { readonly [K in keyof AppSettings]?: AppSettings[K] | undefined } & {
  readonly isVerified?: boolean | undefined;
};

/** Throws MasterKeyRequired when a member of an organization sets the mark: it is the host’s word about an app. */
export function checkMayVerify(actor: Actor, { isVerified }: Pick<Change, 'isVerified'>): void {
  if (isVerified !== undefined && actor.kind !== 'master') throw commonErrors.MasterKeyRequired();
}

/**
 * Returns the mark after a change. What the host has verified is what users see and where they are sent: a member who changes the
 * name, the branding or adds another redirect host removes the mark. Throws MasterKeyRequired.
 */
export function verificationAfter(
  actor: Actor,
  row: Pick<
    OAuthAppRow,
    'isVerified' | 'name' | 'branding' | 'redirectUris' | 'postLogoutRedirectUris'
  >,
  change: Change,
): { readonly isVerified?: boolean } {
  checkMayVerify(actor, change);
  if (change.isVerified !== undefined) return { isVerified: change.isVerified };
  if (row.isVerified !== true || actor.kind === 'master') return {};
  const { name = row.name, branding, redirectUris = [], postLogoutRedirectUris = [] } = change;
  const known = new Set([...row.redirectUris, ...(row.postLogoutRedirectUris ?? [])].map(hostOf));
  const isOther =
    name !== row.name ||
    (branding !== undefined && JSON.stringify(branding) !== row.branding) ||
    [...redirectUris, ...postLogoutRedirectUris].some((uri) => !known.has(hostOf(uri)));
  return isOther ? { isVerified: false } : {};
}

/** Returns the host of a redirect URI, or the scheme of one of an app on a device. */
function hostOf(uri: string): string {
  const { protocol, host } = new URL(uri);
  return /^https?:$/.test(protocol) ? host : protocol;
}
