import type { Request, Response } from 'express';

import type { Watched } from '../audit/index.js';
import { AppError } from '../contract/index.js';
import { requestIdOf } from '../platform/requestId.js';
import { clearConsentCookie, readConsentCookie } from './connectCookie.js';
import { sendConsentPage } from './connectPage.js';
import { type ConsentRoutes, originsOf, queryText } from './connectRoutes.js';

/**
 * `GET /oauth/callback`: where a service redirects the browser after consent. Only the browser that began may finish. Redirects
 * to the `returnUrl`, or shows a page with the result that also posts it to the window that opened it. Of the service's
 * parameters only the error description is shown, as text.
 */
export async function callbackRoute(
  { services, callbackUrl, returnUrls }: ConsentRoutes,
  req: Request,
  res: Response,
): Promise<void> {
  const state = queryText(req, 'state') ?? '';
  const openerMessageOf = (message: object) => ({
    message: { type: 'hub:connection', ...message },
    origins: originsOf(returnUrls),
  });
  try {
    const callback = {
      state,
      code: queryText(req, 'code') ?? queryText(req, 'oauth_verifier'),
      error: queryText(req, 'error') ?? deniedBy(req),
      errorDescription: queryText(req, 'error_description'),
    };
    const browser = { browserProof: readConsentCookie(req, state) };
    const { connection, returnUrl } = await services.audit.watch(watchedAs(req), () =>
      services.connections.connect.finish(callback, browser),
    );
    clearConsentCookie(res, { callbackUrl, state });
    if (returnUrl === undefined) {
      const text = `${connection.name} is connected. You may close this page.`;
      const openerMessage = openerMessageOf({
        connectionId: connection.id,
        state: connection.state,
      });
      sendConsentPage(res, { status: 200, text, openerMessage });
      return;
    }
    const url = new URL(returnUrl);
    url.searchParams.set('connectionId', connection.id);
    url.searchParams.set('state', connection.state);
    res.redirect(303, url.href);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message: text } = error;
    sendConsentPage(res, { status: 400, text, openerMessage: openerMessageOf({ problem: text }) });
  }
}

/** Returns how the audit log records a finished consent: under the name of the function that does the same. */
function watchedAs(req: Request): Watched {
  return {
    function: 'finishConnection',
    actor: 'browser',
    address: req.ip,
    agent: req.get('user-agent'),
    requestId: requestIdOf(req.headers),
  };
}

/**
 * Returns the error of a refused consent. OAuth 1 defines no parameter for it; early services send `denied`, others
 * `oauth_problem`.
 */
function deniedBy(req: Request): string | undefined {
  return queryText(req, 'denied') === undefined
    ? queryText(req, 'oauth_problem')
    : 'access was denied';
}
