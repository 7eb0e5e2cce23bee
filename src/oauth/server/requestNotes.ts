import type { KoaContextWithOIDC } from 'oidc-provider';

/** What the hub notes on one request to the authorization server, until it is answered. */
export interface RequestNotes {
  /** How long the sender has to wait before the next user code. */
  waitSeconds?: number;
  /** The user code of the address, for the form. */
  userCode?: string;
  /** What the tokens of this request are derived from, when they have to be those of an earlier one. */
  successorSeed?: string;
}

const KEY = Symbol('hub request notes');

/** The notes on a request, kept where Koa has applications keep theirs: https://koajs.com/#ctx-state */
export function notesOf({ state }: Pick<KoaContextWithOIDC, 'state'>): RequestNotes {
  const notes = state as { [KEY]?: RequestNotes };
  return (notes[KEY] ??= {});
}

/** The sender’s address as Express has it, which knows the proxies that are trusted. */
export function addressOf({ req, ip }: Pick<KoaContextWithOIDC, 'req' | 'ip'>): string {
  return (req as { readonly ip?: string }).ip ?? ip;
}
