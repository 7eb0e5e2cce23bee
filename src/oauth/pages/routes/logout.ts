import type { Request, Response } from 'express';

import { oauthErrors } from '../../errors.js';
import { fieldOf, type PageRoutesDeps, sendPage } from './step.js';

/** Asks whether to log out; shows that the user is logged out when there is no session. */
export async function showLogout(deps: PageRoutesDeps, req: Request, res: Response): Promise<void> {
  const session = await deps.interactions.sessionOf(req, res);
  if (session === undefined) {
    await sendPage(deps, res, { name: 'loggedOut', model: {} });
    return;
  }
  const token = deps.forms.make(['logout', session]);
  const action = `${new URL(deps.issuer).pathname}/logout`;
  await sendPage(deps, res, { name: 'logout', model: { action, token } });
}

/** Ends the session at the authorization server. Throws FormNotOurs when the form did not come from its page. */
export async function logOut(deps: PageRoutesDeps, req: Request, res: Response): Promise<void> {
  const session = await deps.interactions.sessionOf(req, res);
  if (session !== undefined) {
    if (!deps.forms.isOurs(fieldOf(req, 'token'), ['logout', session]))
      throw oauthErrors.FormNotOurs();
    await deps.interactions.endSession(req, res);
  }
  await sendPage(deps, res, { name: 'loggedOut', model: {} });
}
