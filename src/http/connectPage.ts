import { randomBytes } from 'node:crypto';

import type { Response } from 'express';

import { escapeHtml } from '../platform/html.js';

export interface ConsentPage {
  readonly status: number;
  readonly text: string;
  /** Posted to the window that opened this one, if it has one of the origins; then the page closes itself. */
  readonly openerMessage?: { readonly message: object; readonly origins: readonly string[] };
  /** The label of a button that posts to the same address. */
  readonly button?: string;
}

/** Sends a page with one sentence. It cannot be framed, is not cached, and its address is not sent as a referrer. */
export function sendConsentPage(res: Response, page: ConsentPage): void {
  const nonce = randomBytes(16).toString('base64');
  const script = page.openerMessage
    ? `<script nonce="${nonce}">${openerScript(page.openerMessage)}</script>`
    : '';
  const { button, text } = page;
  const form = button ? `<form method="post"><button>${escapeHtml(button)}</button></form>` : '';
  res
    .status(page.status)
    .set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; frame-ancestors 'none'`,
      // A host's own policy would cut the page off from the window that opened it.
      'Cross-Origin-Opener-Policy': 'unsafe-none',
      // A form that is sent without a referrer has no origin either.
      'Referrer-Policy': button ? 'same-origin' : 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    })
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Connection</title><style>body{font:1.1rem/1.5 system-ui;margin:15vh auto;max-width:32rem;padding:0 1rem}button{font:inherit;padding:.4rem 1rem}</style><main><p>${escapeHtml(text)}</p>${form}</main>${script}</html>`,
    );
}

/**
 * Returns a script that posts the message to the window that opened this one. A browser delivers it only if the
 * window's origin is the named one.
 */
function openerScript({ message, origins }: NonNullable<ConsentPage['openerMessage']>): string {
  // Inside a script only `<` could end it.
  const literal = JSON.stringify({ message, origins }).replaceAll('<', '\\u003c');
  return `const{message,origins}=${literal};if(window.opener&&origins.length){for(const origin of origins)window.opener.postMessage(message,origin);window.close()}`;
}
