import type { Request, Response } from 'express';

import { AppError } from '../../src/contract/index.js';
import type { Services } from '../../src/services.js';

/**
 * `GET /oauth/callback`: where a service sends the browser back to. Answers with a redirect to the page of the host that
 * began, or with a page of its own that says how it went. Nothing that the service sent is shown but its words, as text.
 */
export async function callbackRoute(
  services: Pick<Services, 'connections'>,
  { query }: Request,
  res: Response,
): Promise<void> {
  const text = (name: string) => {
    const value = query[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  try {
    const { connection, returnUrl } = await services.connections.connect.finish({
      state: text('state') ?? '',
      code: text('code'),
      error: text('error'),
      errorDescription: text('error_description'),
    });
    if (returnUrl === undefined) {
      sendPage(res, 200, `${connection.name} is connected. You may close this page.`);
      return;
    }
    const url = new URL(returnUrl);
    url.searchParams.set('connectionId', connection.id);
    url.searchParams.set('state', connection.state);
    res.redirect(303, url.href);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    sendPage(res, 400, error.message);
  }
}

function sendPage(res: Response, status: number, words: string): void {
  res
    .status(status)
    .set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    })
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Connection</title><style>body{font:1.1rem/1.5 system-ui;margin:15vh auto;max-width:32rem;padding:0 1rem}</style><main><p>${escaped(words)}</p></main></html>`,
    );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
