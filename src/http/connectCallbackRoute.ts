import type { Request, Response } from 'express';

import type { Watched } from '../audit/index.js';
import { AppError } from '../contract/index.js';
import { requestIdOf } from '../platform/requestId.js';
import { clearConsentCookie, readConsentCookie } from './connectCookie.js';
import { sendConsentPage } from './connectPage.js';
import { type ConsentRoutes, originsOf, queryText } from './connectRoutes.js';

/**
 * `GET /oauth/callback`: where a service sends the browser back to. Only the browser that began gets anywhere. Answers with
 * a redirect to the page of the host that began, or with a page of its own that says how it went and tells the window that
 * opened it. Nothing that the service sent is shown but its words, as text.
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
    const { connection, returnUrl } = await services.audit.watch(whoFinishes(req), () =>
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

/** The trail has it under the name of the function that does the same. */
function whoFinishes(req: Request): Watched {
  return {
    function: 'finishConnection',
    actor: 'browser',
    address: req.ip,
    agent: req.get('user-agent'),
    requestId: requestIdOf(req.headers),
  };
}

/** OAuth 1 has no error of its own; `denied` is what services that were first with it send. */
function deniedBy(req: Request): string | undefined {
  return queryText(req, 'denied') === undefined
    ? queryText(req, 'oauth_problem')
    : 'access was denied';
}
