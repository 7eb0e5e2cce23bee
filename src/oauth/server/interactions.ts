import type { IncomingMessage, ServerResponse } from 'node:http';

import type { InteractionResults, Provider } from 'oidc-provider';

import type { Clock } from '../../platform/clock.js';
import { type Branding, readBranding } from '../apps/branding.js';
import { oauthErrors } from '../errors.js';
import type { OrganizationChoice, Organizations, People, Person } from '../ports.js';
import { isPermission, type ScopeBook, type ScopeDescription } from '../scopes.js';
import type { OAuthStore } from '../store.js';
import { type Approval, storeApproval } from './approval.js';
import { SESSION_COOKIE, sessionCookieOf } from './cookies.js';
import { type LogoutParameters, type LogoutRequest, readLogoutRequest } from './logout.js';

type Request = IncomingMessage;
type Response = ServerResponse;

/** An app as the pages show it. */
export interface AppView {
  readonly id: string;
  readonly name: string;
  /** The organization that owns the app. */
  readonly organizationName: string;
  /** Where the browser is sent afterwards, as an origin or a scheme; absent for devices. */
  readonly returnsTo?: string | undefined;
  readonly branding: Branding;
  /** Whether the host has verified the app. */
  readonly isVerified: boolean;
}

/** The page that a step needs: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest (`prompt`) */
const PROMPTS = ['create', 'select_account', 'login', 'consent'] as const;
type StepPrompt = (typeof PROMPTS)[number];

/** The current step: the decision that a user has to make. */
export interface InteractionView {
  readonly uid: string;
  readonly prompt: StepPrompt;
  readonly app: AppView;
  /** The person who is signed in; absent before that. */
  readonly person?: Person | undefined;
  /** The user name that the app expects. */
  readonly loginHint?: string | undefined;
  /** All scopes that the app requests. */
  readonly scopes: readonly ScopeDescription[];
  /** The requested scopes that were not approved before. */
  readonly missing: readonly ScopeDescription[];
  /** The organizations that the person can choose from; empty when no scope needs one. */
  readonly organizations: readonly OrganizationChoice[];
  /** How many days the grant lasts. */
  readonly grantDays: number;
}

/**
 * The steps of signing in and consenting. A cookie of the authorization server binds a step to the browser; `uid` in
 * the URL has to name the same step. `signIn`, `approve` and `refuse` send the response themselves: a redirect to the
 * next step. All methods with a step throw OAuthStepExpired when the step is over or belongs to another browser.
 */
export interface Interactions {
  load(req: Request, res: Response, uid: string): Promise<InteractionView>;
  /**
   * Continues as a user who has just authenticated; `amr` names the methods (RFC 8176). Ends the session of another
   * user in this browser.
   */
  signIn(step: InteractionStep, person: Person, amr: string[]): Promise<void>;
  /** Continues as the user who is signed in. Throws OAuthStepExpired when the step is not a choice of an account. */
  keepAccount(step: InteractionStep): Promise<void>;
  /** Throws OAuthChoiceNotOffered. */
  approve(step: InteractionStep, approval: Approval): Promise<void>;
  refuse(step: InteractionStep): Promise<void>;
  /** This browser’s session; `undefined` while no person is signed in. */
  sessionOf(req: Request, res: Response): Promise<BrowserSession | undefined>;
  /** Checks an app’s request to log out. Throws LogoutNotValid or OAuthAppDisabled. */
  readLogout(parameters: LogoutParameters): Promise<LogoutRequest>;
  /** Signs out: the next app requires a log-in. Grants stay. */
  endSession(req: Request, res: Response): Promise<void>;
}

interface BrowserSession {
  readonly id: string;
  readonly userId: string;
}

export interface InteractionStep {
  readonly req: Request;
  readonly res: Response;
  readonly uid: string;
}

export interface InteractionsDeps {
  readonly store: OAuthStore;
  readonly clock: Clock;
  readonly people: People;
  readonly organizations: Organizations;
  readonly scopes: ScopeBook;
  /** The public URL of the authorization server. */
  readonly issuer: string;
  provider(): Promise<Provider>;
}

export function createInteractions(deps: InteractionsDeps): Interactions {
  async function finish(
    { req, res }: InteractionStep,
    result: InteractionResults,
    mergeWithLastSubmission: boolean,
  ): Promise<void> {
    const provider = await deps.provider();
    await provider.interactionFinished(req, res, result, { mergeWithLastSubmission });
  }
  return {
    load: async (req, res, uid) => viewOf(deps, await detailsOf(deps, { req, res, uid })),
    async signIn(step, person, amr) {
      const details = await detailsOf(deps, step);
      const before = details.session?.accountId;
      if (before !== undefined && before !== person.id) {
        await endSession(deps, step);
        details.session = undefined;
        await details.persist();
      }
      // Who logs in has chosen an account: the library asks for each prompt until it has a result.
      const login = { accountId: person.id, amr };
      await finish(step, { login, select_account: {}, create: {} }, false);
    },
    async keepAccount(step) {
      await detailsOf(deps, step, 'select_account');
      await finish(step, { select_account: {} }, true);
    },
    async approve(step, approval) {
      const details = await detailsOf(deps, step, 'consent');
      const grantId = await storeGrant(deps, details, approval);
      await finish(step, { consent: { grantId } }, true);
    },
    async refuse(step) {
      await detailsOf(deps, step);
      const description = 'The person did not approve.';
      await finish(step, { error: 'access_denied', error_description: description }, false);
    },
    async sessionOf(req, res) {
      const { session } = await sessionAt(deps, { req, res });
      const { accountId: userId, uid: id } = session;
      return userId === undefined ? undefined : { id, userId };
    },
    readLogout: async (parameters) => readLogoutRequest(await deps.provider(), parameters),
    endSession: (req, res) => endSession(deps, { req, res }),
  };
}

async function sessionAt(
  { provider }: InteractionsDeps,
  { req, res }: Pick<InteractionStep, 'req' | 'res'>,
) {
  const server = await provider();
  const ctx = server.createContext(req, res);
  return { ctx, session: await server.Session.get(ctx) };
}

async function endSession(
  deps: InteractionsDeps,
  at: Pick<InteractionStep, 'req' | 'res'>,
): Promise<void> {
  const { ctx, session } = await sessionAt(deps, at);
  await session.destroy();
  const attributes = { ...sessionCookieOf(deps.issuer), signed: false };
  for (const name of [SESSION_COOKIE, `${SESSION_COOKIE}.sig`])
    ctx.cookies.set(name, null, attributes);
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

async function detailsOf(
  { provider }: InteractionsDeps,
  { req, res, uid }: InteractionStep,
  prompt?: StepPrompt,
): Promise<Details> {
  try {
    const details = await (await provider()).interactionDetails(req, res);
    if (details.uid === uid && (prompt === undefined || details.prompt.name === prompt)) {
      return details;
    }
  } catch (error) {
    // The library's own error for a step that is over, or a browser without its cookie.
    if ((error as Error).name !== 'SessionNotFound') throw error;
  }
  throw oauthErrors.OAuthStepExpired();
}

async function appOf({ store, organizations }: InteractionsDeps, details: Details) {
  const row = await store.loadApp(text(details.params['client_id']));
  if (row?.status === 'disabled') throw oauthErrors.OAuthAppDisabled();
  if (row?.status !== 'active') throw oauthErrors.OAuthStepExpired();
  const redirectUri = text(details.params['redirect_uri']);
  const view: AppView = {
    id: row.id,
    name: row.name,
    organizationName: await organizations.nameOf(row.organization),
    ...(redirectUri !== '' && { returnsTo: redirectOriginOf(redirectUri) }),
    branding: readBranding(row.branding),
    isVerified: row.isVerified === true,
  };
  return { row, view };
}

/** Returns the origin of a redirect URI, or its scheme when it is not a web address. */
function redirectOriginOf(redirectUri: string): string {
  const { protocol, origin } = new URL(redirectUri);
  return /^https?:$/.test(protocol) ? origin : protocol;
}

async function viewOf(deps: InteractionsDeps, details: Details): Promise<InteractionView> {
  const { row, view } = await appOf(deps, details);
  const { uid, prompt, params, session } = details;
  const loginHint = text(params['login_hint']);
  const scopes = requestedScopesOf(details);
  const person = session && (await deps.people.load(session.accountId));
  return {
    uid,
    app: view,
    person,
    grantDays: row.grantDays,
    prompt: PROMPTS.find((name) => name === prompt.name) ?? 'consent',
    ...(loginHint !== '' && { loginHint }),
    scopes: deps.scopes.describe(scopes),
    missing: deps.scopes.describe(missingOf(details)),
    organizations:
      person && scopes.some(isPermission) ? await deps.organizations.choicesOf(person.id) : [],
  };
}

/** Stores what a user approved on the page of a step; returns the id of the grant. */
async function storeGrant(
  deps: InteractionsDeps,
  details: Details,
  approval: Approval,
): Promise<string> {
  const { row } = await appOf(deps, details);
  const userId = details.session?.accountId;
  if (userId === undefined) throw oauthErrors.OAuthStepExpired();
  const { redirect_uri: redirectUri, resource } = details.params;
  const request = { appId: row.id, userId, redirectUri, resource };
  const requested = requestedScopesOf(details);
  const { grantId: currentGrantId } = details;
  return storeApproval(deps, { ...request, requested, currentGrantId }, approval);
}

function requestedScopesOf({ params }: Details): readonly string[] {
  return text(params['scope']).split(' ').filter(Boolean);
}

function missingOf(details: Details): readonly string[] {
  const { missingOIDCScope: missing } = details.prompt.details;
  return Array.isArray(missing) ? missing.map(String) : requestedScopesOf(details);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
