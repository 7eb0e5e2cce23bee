import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';

import { DEVICE_LIFE_MS, waitSecondsIn } from '../../../security/index.js';
import type { Person } from '../../ports.js';
import type { InteractionView } from '../../server/interactions.js';
import { appPage } from '../appPage.js';
import type { LoginModel } from '../pageModel.js';
import { waitText } from '../texts.js';
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
  const model = { action: actionOf(deps, view), token, app: appPage(view.app), ...more };
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
    if (sessionToken === '') rememberBrowser(deps, res, name);
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
  const { devices, now } = deps;
  const account = accountOf(name);
  const cookies = parseCookie(req.headers.cookie ?? '');
  const device = devices.read(cookies[BROWSER_COOKIE], account, now());
  return findByPassword(deps, { address: req.ip, name, password, device });
}

/** Finds a user by name and password, under the brute-force protection. Throws TooManyAttempts. */
export function findByPassword(
  { bruteForce, people }: Pick<PageRoutesDeps, 'bruteForce' | 'people'>,
  {
    address,
    name,
    password,
    device,
  }: {
    readonly address: string | undefined;
    readonly name: string;
    readonly password: string;
    readonly device?: string | undefined;
  },
): Promise<Person | undefined> {
  const attempt = { what: 'password', address, account: accountOf(name), device } as const;
  return bruteForce.attempt(attempt, () => people.byPassword(name, password));
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

/**
 * Returns the name as it was typed, normalized. It is not looked up, so that the time does not reveal which users
 * exist.
 */
function accountOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

const BROWSER_COOKIE = 'hub_oauth_browser';

function rememberBrowser({ devices, now, issuer }: PageRoutesDeps, res: Response, name: string) {
  const { protocol, pathname } = new URL(issuer);
  res.cookie(BROWSER_COOKIE, devices.generate(accountOf(name), now()), {
    httpOnly: true,
    sameSite: 'lax',
    secure: protocol === 'https:',
    path: `${pathname}/interaction`,
    maxAge: DEVICE_LIFE_MS,
  });
}
