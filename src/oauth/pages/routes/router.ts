import express, { type NextFunction, type Request, type Response, type Router } from 'express';

import { keepAccount, showAccounts, signUpUrlOf } from './account.js';
import { approve, refuse, showConsent } from './consent.js';
import { logIn, showLogin } from './login.js';
import { logOut, showLogout } from './logout.js';
import { sendProblem } from './problem.js';
import { type InteractionRequest, type PageRoutesDeps, stepOf } from './step.js';

/**
 * Returns the pages on which people log in, consent and log out, beneath the issuer: `/interaction/:uid` and `/logout`.
 */
export function pagesRouter(deps: PageRoutesDeps): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false, limit: '20kb', parameterLimit: 200 }));
  router.get('/interaction/:uid', (req, res, next) => {
    showStep(deps, stepOf(req, res)).catch(next);
  });
  // A form that is shown again after a problem has its own URL; loading that URL leads to the page of the step.
  router.get('/interaction/:uid/:form', (req, res) => {
    res.redirect(303, `${deps.issuer}/interaction/${encodeURIComponent(req.params.uid)}`);
  });
  router.post('/interaction/:uid/login', (req, res, next) => {
    logIn(deps, req, res).catch(next);
  });
  router.post('/interaction/:uid/account', (req, res, next) => {
    keepAccount(deps, req, res).catch(next);
  });
  router.post('/interaction/:uid/approve', (req, res, next) => {
    approve(deps, req, res).catch(next);
  });
  router.post('/interaction/:uid/refuse', (req, res, next) => {
    refuse(deps, req, res).catch(next);
  });
  router.get('/logout', (req, res, next) => {
    showLogout(deps, req, res).catch(next);
  });
  router.post('/logout', (req, res, next) => {
    logOut(deps, req, res).catch(next);
  });
  // The hub's own error handler would respond with JSON.
  // eslint-disable-next-line max-params -- express knows an error handler by its four parameters
  router.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    void sendProblem(deps, { error, req, res });
  });
  return router;
}

/** Shows the page of a step: the log-in form, also for `?switch=1`, the host’s page to sign up, the choice of an account, or the consent. */
async function showStep(deps: PageRoutesDeps, step: InteractionRequest): Promise<void> {
  const view = await deps.interactions.load(step.req, step.res, step.uid);
  const { person, loginHint, prompt } = view;
  const isSwitch = step.req.query['switch'] !== undefined;
  const signUpUrl = signUpUrlOf(deps, deps.pages.brand, view);
  if (prompt === 'create' && !isSwitch && signUpUrl !== undefined) {
    step.res.redirect(303, signUpUrl);
    return;
  }
  if (prompt === 'login' || prompt === 'create' || isSwitch || !person) {
    const name = prompt === 'login' ? (loginHint ?? person?.username) : undefined;
    await showLogin(deps, { step, view, more: { name } });
    return;
  }
  if (prompt === 'select_account') {
    await showAccounts(deps, { step, view, person });
    return;
  }
  await showConsent(deps, { step, view, person });
}
