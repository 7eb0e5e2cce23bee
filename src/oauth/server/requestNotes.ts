import type { KoaContextWithOIDC } from 'oidc-provider';

import type { Issuance } from '../apps/issuance.js';

/** The hub's notes on one request to the authorization server, kept until the response is sent. */
export interface RequestNotes {
  /** How long the sender has to wait before the next user code. */
  waitSeconds?: number;
  /** Whether the request names an app that its owner has disabled. */
  isAppDisabled?: boolean;
  /** The user code from the URL, for the form. */
  userCode?: string;
  /** Who issued the credential that the app authenticated with, and for what. */
  issuance?: Issuance;
  /** The seed of this request's tokens, when they have to be those of an earlier request. */
  successorSeed?: string;
}

const KEY = Symbol('hub request notes');

/** Returns the notes on a request, kept where Koa applications keep their state: https://koajs.com/#ctx-state */
export function notesOf({ state }: Pick<KoaContextWithOIDC, 'state'>): RequestNotes {
  const notes = state as { [KEY]?: RequestNotes };
  return (notes[KEY] ??= {});
}

/** Returns the sender’s address as Express determines it from the trusted proxies. */
export function addressOf({ req, ip }: Pick<KoaContextWithOIDC, 'req' | 'ip'>): string {
  return (req as { readonly ip?: string }).ip ?? ip;
}
