import { parseCookie } from 'cookie';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';

import { AppError } from '../../contract/index.js';
import type { Log } from '../../platform/log.js';
import {
  DEVICE_LIFE_MS,
  type Devices,
  type Guessing,
  waitSecondsIn,
} from '../../security/index.js';
import { oauthErrors } from '../errors.js';
import type { People, Person } from '../ports.js';
import { isPermission } from '../scopes.js';
import type {
  AppView,
  Interactions,
  InteractionStep,
  InteractionView,
} from '../server/interactions.js';
import type { FormTokens } from './formToken.js';
import type { ConsentModel, LoginModel, PageApp, PageModels, PageName } from './pageModel.js';
import { type Pages, type RenderOptions, sendResponse } from './render.js';
import { waitText } from './texts.js';

export interface PagesRouterDeps {
  readonly interactions: Interactions;
  readonly people: People;
  readonly pages: Pages;
  readonly forms: FormTokens;
  readonly bruteForce: Guessing;
  readonly devices: Devices;
  readonly log: Log;
  /** The authorization server as others reach it. */
  readonly issuer: string;
  now(): Date;
}

/** The pages on which people log in, consent and log out, beneath the issuer: `/interaction/:uid` and `/logout`. */
export function pagesRouter(deps: PagesRouterDeps): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false, limit: '20kb', parameterLimit: 200 }));
  router.get('/interaction/:uid', (req, res, next) => {
    showStep(deps, stepOf(req, res)).catch(next);
  });
  // Whoever asks for the address of a form that was shown again begins at its page.
  router.get('/interaction/:uid/:form', (req, res) => {
    res.redirect(303, `${deps.issuer}/interaction/${encodeURIComponent(req.params.uid)}`);
  });
  router.post('/interaction/:uid/login', (req, res, next) => {
    logIn(deps, req, res).catch(next);
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
  // Without it the hub's router would answer with JSON.
  // eslint-disable-next-line max-params -- express tells an error handler by its four parameters
  router.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    void showProblem(deps, { error, req, res });
  });
  return router;
}

/** What a handler has at hand. */
interface InteractionRequest extends InteractionStep {
  readonly req: Request;
  readonly res: Response;
}

function stepOf(req: Request, res: Response): InteractionRequest {
  return { req, res, uid: String(req.params['uid']) };
}

async function show<Name extends PageName>(
  { pages }: PagesRouterDeps,
  res: Response,
  {
    name,
    model,
    ...options
  }: { readonly name: Name; readonly model: PageModels[Name] } & RenderOptions,
): Promise<void> {
  sendResponse(res, await pages.render(name, model, options));
}

async function showStep(deps: PagesRouterDeps, step: InteractionRequest): Promise<void> {
  const view = await deps.interactions.load(step.req, step.res, step.uid);
  if (view.prompt === 'login' || step.req.query['switch'] !== undefined || !view.person) {
    const { person, loginHint } = view;
    const name = view.prompt === 'login' ? (loginHint ?? person?.username) : undefined;
    await showLogin(deps, { step, view, more: { name } });
    return;
  }
  await showConsent(deps, { step, view, person: view.person });
}

async function showLogin(
  deps: PagesRouterDeps,
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
  const token = deps.forms.make(aboutOf(view));
  const model = { action: actionOf(deps, view), token, app: appPage(view.app), ...more };
  await show(deps, step.res, { name: 'login', model, status, formTargets: targetsOf(view) });
}

async function showConsent(
  deps: PagesRouterDeps,
  { step, view, person }: { step: InteractionRequest; view: InteractionView; person: Person },
): Promise<void> {
  const action = actionOf(deps, view);
  const { organizations, scopes, app } = view;
  const model: ConsentModel = {
    action,
    token: deps.forms.make(aboutOf(view)),
    app: appPage(view.app),
    user: person.username,
    organizations,
    organizationId: organizations[0]?.id,
    needsOrganization: scopes.some(({ name }) => isPermission(name)),
    scopes,
    lastsSeconds: view.grantDays * 86_400,
    returnsTo: app.returnsTo && displayOrigin(app.returnsTo),
    switchUrl: `${action}?switch=1`,
  };
  await show(deps, step.res, { name: 'consent', model, formTargets: targetsOf(view) });
}

/** The step with what was asked in it, once the form has shown that it came from the step's own page. */
async function formOf(deps: PagesRouterDeps, step: InteractionRequest): Promise<InteractionView> {
  const view = await deps.interactions.load(step.req, step.res, step.uid);
  if (!deps.forms.isOurs(textIn(step.req, 'token'), aboutOf(view))) throw oauthErrors.FormNotOurs();
  return view;
}

async function logIn(deps: PagesRouterDeps, req: Request, res: Response): Promise<void> {
  const step = stepOf(req, res);
  const view = await formOf(deps, step);
  const header = req.headers['x-parse-session-token'];
  const sessionToken = textIn(req, 'sessionToken') ?? (typeof header === 'string' ? header : '');
  const name = textIn(req, 'name') ?? '';
  const again = (problem: string, status: number) =>
    showLogin(deps, { step, view, status, more: { name, problem } });
  const { texts } = deps.pages.brand;
  try {
    const person =
      sessionToken === ''
        ? await byPassword(deps, { req, name, password: textIn(req, 'password') ?? '' })
        : await bySession(deps, { req, sessionToken });
    if (!person) {
      await again(texts.loginWrong, 400);
      return;
    }
    if (sessionToken === '') rememberBrowser(deps, res, name);
    await deps.interactions.signIn(step, person, sessionToken === '' ? ['pwd'] : []);
  } catch (error) {
    const seconds = waitSecondsIn(error);
    if (seconds === undefined) throw error;
    res.setHeader('Retry-After', seconds);
    await again(texts.loginWait.replace('{wait}', waitText(texts, seconds)), 429);
  }
}

function byPassword(
  { bruteForce: guessing, devices, people, now }: PagesRouterDeps,
  { req, name, password }: { req: Request; name: string; password: string },
): Promise<Person | undefined> {
  const account = accountOf(name);
  const device = devices.read(
    parseCookie(req.headers.cookie ?? '')[BROWSER_COOKIE],
    account,
    now(),
  );
  return guessing.attempt({ what: 'password', address: req.ip, account, device }, () =>
    people.byPassword(name, password),
  );
}

/** A session token cannot be guessed; who tries is counted by his address. */
function bySession(
  { bruteForce: guessing, people }: PagesRouterDeps,
  { req, sessionToken }: { req: Request; sessionToken: string },
): Promise<Person | undefined> {
  return guessing.attempt({ what: 'password', address: req.ip }, () =>
    people.bySession(sessionToken),
  );
}

/** As it is typed: whether there is such a user is found out afterwards, in the same time. */
function accountOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

const BROWSER_COOKIE = 'hub_oauth_browser';

function rememberBrowser({ devices, now, issuer }: PagesRouterDeps, res: Response, name: string) {
  const { protocol, pathname } = new URL(issuer);
  res.cookie(BROWSER_COOKIE, devices.generate(accountOf(name), now()), {
    httpOnly: true,
    sameSite: 'lax',
    secure: protocol === 'https:',
    path: `${pathname}/interaction`,
    maxAge: DEVICE_LIFE_MS,
  });
}

async function approve(deps: PagesRouterDeps, req: Request, res: Response): Promise<void> {
  const step = stepOf(req, res);
  const view = await formOf(deps, step);
  const given: unknown = (req.body as { readonly scope?: unknown } | undefined)?.scope;
  const scopes = [given].flat().filter((scope) => typeof scope === 'string');
  const organizationId = view.organizations.length > 0 ? textIn(req, 'organizationId') : undefined;
  await deps.interactions.approve(step, { organizationId, scopes });
}

async function refuse(deps: PagesRouterDeps, req: Request, res: Response): Promise<void> {
  const step = stepOf(req, res);
  await formOf(deps, step);
  await deps.interactions.refuse(step);
}

async function showLogout(deps: PagesRouterDeps, req: Request, res: Response): Promise<void> {
  const session = await deps.interactions.sessionOf(req, res);
  if (session === undefined) {
    await show(deps, res, { name: 'loggedOut', model: {} });
    return;
  }
  const token = deps.forms.make(['logout', session]);
  const action = `${new URL(deps.issuer).pathname}/logout`;
  await show(deps, res, { name: 'logout', model: { action, token } });
}

async function logOut(deps: PagesRouterDeps, req: Request, res: Response): Promise<void> {
  const session = await deps.interactions.sessionOf(req, res);
  if (session !== undefined) {
    if (!deps.forms.isOurs(textIn(req, 'token'), ['logout', session]))
      throw oauthErrors.FormNotOurs();
    await deps.interactions.endSession(req, res);
  }
  await show(deps, res, { name: 'loggedOut', model: {} });
}

/** A page that says what to do; of what failed on our side nothing but its reference. */
async function showProblem(
  deps: PagesRouterDeps,
  { error, req, res }: { readonly error: unknown; readonly req: Request; readonly res: Response },
): Promise<void> {
  const { texts } = deps.pages.brand;
  const requestId = String(req.headers['x-request-id']);
  const appError = error instanceof AppError ? error : undefined;
  // What express could not read of a form: https://www.npmjs.com/package/http-errors
  const isUnreadable = (error as { readonly expose?: unknown } | undefined)?.expose === true;
  const status = appError?.spec.status ?? (isUnreadable ? 400 : 500);
  if (status === 500) deps.log.error({ requestId, err: error }, 'oauth.pageFailed');
  else deps.log.info({ requestId, outcome: appError?.kind ?? 'unreadable' }, 'oauth.pageRefused');
  const specific = {
    OAuthStepExpired: texts.errorStale,
    FormNotOurs: texts.errorForm,
    OAuthChoiceNotOffered: texts.errorForm,
  }[appError?.kind ?? ''];
  const message = specific ?? (status === 500 ? texts.errorOurs : texts.errorRequest);
  if (res.headersSent) {
    res.end();
    return;
  }
  const { pages } = deps;
  // A page of the host's own may be what failed.
  const page = await pages
    .render('error', { message, requestId }, { status })
    .catch(() => pages.plain('error', { message, requestId }, { status }));
  sendResponse(res, page);
}

/** What a form of this step speaks for: whose browser, who, which app, which scopes. */
function aboutOf({ uid, prompt, person, app, scopes }: InteractionView): readonly string[] {
  return [uid, prompt, person?.id ?? '', app.id, ...scopes.map(({ name }) => name)];
}

function actionOf({ issuer }: PagesRouterDeps, { uid }: InteractionView): string {
  return `${new URL(issuer).pathname}/interaction/${encodeURIComponent(uid)}`;
}

/** An app as pages show it. */
export function appPage({
  name,
  organizationName,
  branding,
}: Pick<AppView, 'name' | 'organizationName' | 'branding'>): PageApp {
  return {
    name,
    owner: organizationName,
    description: branding.text,
    logoUrl: branding.logoUrl,
    color: branding.color,
    homepageUrl: branding.links?.website,
    privacyUrl: branding.links?.privacy,
    termsUrl: branding.links?.terms,
  };
}

function targetsOf({ app: { returnsTo } }: InteractionView): readonly string[] {
  return returnsTo === undefined ? [] : [returnsTo];
}

/** `https://app.example.com` is `app.example.com` to people; any other scheme stands for an app on their device. */
function displayOrigin(origin: string): string {
  return origin.replace(/^https:\/\//, '');
}

function textIn({ body }: Request, name: string): string | undefined {
  const value = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}
