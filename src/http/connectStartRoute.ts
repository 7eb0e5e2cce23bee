import type { Request, Response } from 'express';

import { AppError, parseUrl } from '../contract/index.js';
import { setConsentCookie } from './connectCookie.js';
import { sendConsentPage } from './connectPage.js';
import { type ConsentRoutes, originsOf, queryText } from './connectRoutes.js';

/**
 * `/oauth/start?state=…`: where a browser begins. Redirects it to the service, with a cookie by which the callback recognizes
 * it. A browser that comes from a page of the host's (see `returnUrls`) is redirected at once. Any other may have received the
 * address from an attacker, so it is shown a page first whose button confirms by POST.
 */
export async function startRoute(
  { services, callbackUrl, returnUrls }: ConsentRoutes,
  req: Request,
  res: Response,
): Promise<void> {
  const { connect } = services.connections;
  const state = queryText(req, 'state') ?? '';
  try {
    const agrees =
      req.method === 'POST'
        ? isFromHere(req, callbackUrl)
        : originsOf(returnUrls).includes(refererOrigin(req.headers.referer));
    if (!agrees) {
      const { connector, name } = await connect.get(state);
      const service = services.connectors.get(connector).name;
      const text = `“${name}” is to be connected to ${service}: it will be used with the account that you choose there. Go on only if you began this yourself, just now.`;
      sendConsentPage(res, { status: 200, text, button: `Go on to ${service}` });
      return;
    }
    const { url, proof } = await connect.claim(state);
    setConsentCookie(res, proof, { callbackUrl, state });
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).redirect(303, url);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    sendConsentPage(res, { status: 400, text: error.message });
  }
}

/** Browsers send the origin of the form with each POST: https://www.rfc-editor.org/rfc/rfc6454#section-7 */
function isFromHere({ headers }: Request, callbackUrl: string): boolean {
  return headers.origin === new URL(callbackUrl).origin;
}

function refererOrigin(url: string | undefined): string {
  return parseUrl(url ?? '')?.origin ?? '';
}
