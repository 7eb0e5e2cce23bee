import type { Request, Response } from 'express';

import { oauthErrors } from '../../errors.js';
import { LOGOUT_PARAMETERS, type LogoutParameters } from '../../server/logout.js';
import { fieldOf, type PageRoutesDeps, sendPage } from './step.js';

/**
 * Logs out at the request of a user, or of an app: https://openid.net/specs/openid-connect-rpinitiated-1_0.html. Asks, unless
 * the app proves by an ID token that it is this user’s; then sends the browser back to the app, or shows that the user is
 * logged out. Throws LogoutNotValid.
 */
export async function showLogout(deps: PageRoutesDeps, req: Request, res: Response): Promise<void> {
  const { interactions } = deps;
  const parameters = parametersOf(req.query);
  const request = await interactions.readLogout(parameters);
  const session = await interactions.sessionOf(req, res);
  if (session && session.userId === request.userId) await interactions.endSession(req, res);
  else if (session) {
    const token = deps.forms.make(['logout', session.id]);
    const { redirectTo } = request;
    const formTargets = redirectTo === undefined ? [] : [redirectTo];
    const model = { action: addressOf(deps, parameters), token };
    await sendPage(deps, res, { name: 'logout', model, formTargets });
    return;
  }
  await sendAway(deps, res, request.redirectTo);
}

/**
 * Ends the session at the authorization server, by the form of the page. An app may send its request as a form, too: then the
 * page is shown. Throws FormNotOurs and LogoutNotValid.
 */
export async function logOut(deps: PageRoutesDeps, req: Request, res: Response): Promise<void> {
  const { interactions, forms } = deps;
  const token = fieldOf(req, 'token');
  const sent = parametersOf((req.body ?? {}) as Readonly<Record<string, unknown>>);
  if (token === undefined && Object.keys(sent).length > 0) {
    // As a GET, the request has the cookies of this browser: they are not sent with forms of other sites.
    res.redirect(303, addressOf(deps, sent));
    return;
  }
  const request = await interactions.readLogout(parametersOf(req.query));
  const session = await interactions.sessionOf(req, res);
  if (session) {
    if (!forms.isOurs(token, ['logout', session.id])) throw oauthErrors.FormNotOurs();
    await interactions.endSession(req, res);
  }
  await sendAway(deps, res, request.redirectTo);
}

async function sendAway(
  deps: PageRoutesDeps,
  res: Response,
  redirectTo: string | undefined,
): Promise<void> {
  if (redirectTo === undefined) await sendPage(deps, res, { name: 'loggedOut', model: {} });
  else res.redirect(303, redirectTo);
}

/** Returns the parameters that were sent once, and not empty. */
function parametersOf(sent: Readonly<Record<string, unknown>>): LogoutParameters {
  const given = LOGOUT_PARAMETERS.map((name) => [name, sent[name]] as const);
  return Object.fromEntries(given.filter(([, value]) => typeof value === 'string' && value !== ''));
}

function addressOf({ issuer }: PageRoutesDeps, parameters: LogoutParameters): string {
  const query = new URLSearchParams(parameters as Record<string, string>).toString();
  return `${new URL(issuer).pathname}/logout${query === '' ? '' : `?${query}`}`;
}
