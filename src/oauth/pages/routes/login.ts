import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';

import { DEVICE_LIFE_MS, waitSecondsIn } from '../../../security/index.js';
import type { Person } from '../../ports.js';
import type { InteractionView } from '../../server/interactions.js';
import { appPage } from '../appPage.js';
import type { LoginModel } from '../pageModel.js';
import { waitText } from '../texts.js';
import { signUpUrlOf } from './account.js';
import {
  actionOf,
  fieldOf,
  formTargetsOf,
  formTokenOf,
  type InteractionRequest,
  loadFormStep,
  type PageRoutesDeps,
  sendPage,
  stepOf,
} from './step.js';

/** Shows the log-in form of a step; `more.problem` says why the last attempt did not work. */
export async function showLogin(
  deps: PageRoutesDeps,
  {
    step,
    view,
    more,
    status,
  }: {
    readonly step: InteractionRequest;
    readonly view: InteractionView;
    readonly more: Pick<LoginModel, 'name' | 'problem'>;
    readonly status?: number;
  },
): Promise<void> {
  const token = formTokenOf(deps, view);
  const signUpUrl = signUpUrlOf(deps, deps.pages.brand, view);
  const model = { action: actionOf(deps, view), token, app: appPage(view.app), signUpUrl, ...more };
  await sendPage(deps, step.res, {
    name: 'login',
    model,
    status,
    formTargets: formTargetsOf(view),
  });
}

/** Logs in by name and password, or by the token of a Parse session, and continues the step as that person. */
export async function logIn(deps: PageRoutesDeps, req: Request, res: Response): Promise<void> {
  const step = stepOf(req, res);
  const view = await loadFormStep(deps, step);
  const header = req.headers['x-parse-session-token'];
  const sessionToken = fieldOf(req, 'sessionToken') ?? (typeof header === 'string' ? header : '');
  const name = fieldOf(req, 'name') ?? '';
  const showAgain = (problem: string, status: number) =>
    showLogin(deps, { step, view, status, more: { name, problem } });
  const { texts } = deps.pages.brand;
  try {
    const person =
      sessionToken === ''
        ? await findByOwnPassword(deps, { req, name, password: fieldOf(req, 'password') ?? '' })
        : await findBySession(deps, { req, sessionToken });
    if (!person) {
      await showAgain(texts.loginWrong, 400);
      return;
    }
    if (sessionToken === '') await rememberBrowser(deps, res, name);
    await deps.interactions.signIn(step, person, sessionToken === '' ? ['pwd'] : []);
  } catch (error) {
    const seconds = waitSecondsIn(error);
    if (seconds === undefined) throw error;
    res.setHeader('Retry-After', seconds);
    await showAgain(texts.loginWait.replace('{wait}', waitText(texts, seconds)), 429);
  }
}

function findByOwnPassword(
  deps: PageRoutesDeps,
  { req, name, password }: { req: Request; name: string; password: string },
): Promise<Person | undefined> {
  const cookie = parseCookie(req.headers.cookie ?? '')[BROWSER_COOKIE];
  return findByPassword(deps, { address: req.ip, name, password, cookie });
}

/** Finds a user by name and password, under the brute-force protection. Throws TooManyAttempts. */
export function findByPassword(
  { logins, people }: Pick<PageRoutesDeps, 'logins' | 'people'>,
  {
    address,
    name,
    password,
    cookie,
  }: {
    readonly address: string | undefined;
    readonly name: string;
    readonly password: string;
    /** The cookie of a known browser. */
    readonly cookie?: string | undefined;
  },
): Promise<Person | undefined> {
  return logins.attempt({ name: { username: name }, address, cookie }, () =>
    people.byPassword(name, password),
  );
}

/**
 * Finds the user of a session token. Session tokens are too long to be guessed; wrong ones count against the address
 * only.
 */
function findBySession(
  { bruteForce, people }: PageRoutesDeps,
  { req, sessionToken }: { req: Request; sessionToken: string },
): Promise<Person | undefined> {
  return bruteForce.attempt({ what: 'password', address: req.ip }, () =>
    people.bySession(sessionToken),
  );
}

const BROWSER_COOKIE = 'hub_oauth_browser';

async function rememberBrowser(
  { logins, issuer }: PageRoutesDeps,
  res: Response,
  name: string,
): Promise<void> {
  const { protocol, pathname } = new URL(issuer);
  res.cookie(BROWSER_COOKIE, await logins.cookieFor({ username: name }), {
    httpOnly: true,
    sameSite: 'lax',
    secure: protocol === 'https:',
    path: `${pathname}/interaction`,
    maxAge: DEVICE_LIFE_MS,
  });
}
