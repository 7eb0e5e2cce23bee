import type {
  Configuration,
  errors as LibraryErrors,
  interactionPolicy,
  KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';

import type { Actor, Membership } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { Meters } from '../../platform/limits/index.js';
import type { Log } from '../../platform/log.js';
import { clientOf, HUB_METADATA, hubOf } from '../apps/client.js';
import type { Issuance } from '../apps/issuance.js';
import {
  type PageRenderer,
  prefillUserCode,
  showDevice,
  showDeviceConfirm,
  showDeviceDone,
  showError,
} from '../pages/onProvider.js';
import type { People } from '../ports.js';
import type { ResourceBook } from '../resources.js';
import { isPermission, type ScopeBook } from '../scopes.js';
import type { OAuthGrantRow, OAuthStore } from '../store.js';
import { createAdapter, type RequestContext } from './adapter.js';
import { cookieKeysOf, makeCookiesSecure, SESSION_COOKIE, sessionCookieOf } from './cookies.js';
import { isPolledTooFast, POLL_SECONDS } from './devicePolling.js';
import { disabledAppError } from './disabledApp.js';
import { loadExistingGrant } from './existingGrant.js';
import { interactionPolicyOf, promptValues } from './interactionPolicy.js';
import { loadSigningKeys } from './keySet.js';
import { ownTokenScopes } from './ownToken.js';
import { patchProvider } from './providerPatches.js';
import { settleRequestedScopes } from './requestedScopes.js';
import { addressOf, notesOf } from './requestNotes.js';
import type { Seals } from './seal.js';

export interface ProviderDeps {
  readonly store: OAuthStore;
  readonly seals: Seals;
  readonly clock: Clock;
  readonly meters: Meters;
  readonly log: Log;
  readonly people: People;
  readonly scopes: ScopeBook;
  readonly pageRenderer: PageRenderer;
  /** The hub’s secret, then earlier ones. */
  readonly secrets: readonly [string, ...string[]];
  /** The prefix of each token: `<prefix>_oat_…`. */
  readonly prefix: string;
  /** The public URL of the authorization server. */
  readonly issuer: string;
  /** The default `aud` of JWT access tokens: the public URL of the hub. */
  readonly audience: string;
  readonly resources: ResourceBook;
  /** Returns who issued a client secret; `undefined` when it is none of the app’s. */
  loadSecretIssuance(appId: string, secret: string): Promise<Issuance | undefined>;
  /** Throws OrganizationNotFound for a user who is not a member. */
  membershipOf(actor: Actor, organizationId: string): Promise<Membership>;
  /** Returns the current grant of a user for an app, which is not requested again; `undefined` when there is none. */
  loadCurrentGrant(userId: string, appId: string): Promise<OAuthGrantRow | undefined>;
  /** Called when tokens may have been revoked. */
  onRevoked(): void;
}

/** Opens the authorization server, ready to be mounted. Loads oidc-provider, which takes a while. */
export async function openProvider(deps: ProviderDeps): Promise<Provider> {
  const { Provider: Library, errors, interactionPolicy } = await import('oidc-provider');
  const { store } = deps;
  const adapter = createAdapter({
    ...deps,
    requestContext: () => Library.ctx && requestContextOf(Library.ctx),
    reusedError: () => new errors.InvalidGrant('it was used before'),
    slowDownError: () => new errors.SlowDown(),
    isPolledTooFast: (recordId) => isPolledTooFast(deps.meters, recordId),
    async loadClient(id) {
      const row = await store.loadApp(id);
      if (row?.status === 'disabled') throw disabledAppError(errors, Library.ctx);
      return row && clientOf(row);
    },
  });
  const keys = await loadSigningKeys(deps);
  const provider = new Library(deps.issuer, {
    ...configurationOf(deps, { errors, interactionPolicy }),
    adapter,
    jwks: { keys: keys.map((key) => ({ ...key })) },
  });
  patchProvider(provider, {
    ...deps,
    bruteForce: deps.pageRenderer.bruteForce,
    currentRequest: () => Library.ctx,
    ownTokenScopes: (ctx, scopes) => ownTokenScopes({ ...deps, errors }, ctx, scopes),
    tooManyAttemptsError: () => new errors.OIDCProviderError(429, 'slow_down'),
  });
  prepareRequests(provider, deps.issuer);
  logErrors(provider, deps.log);
  return provider;
}

function requestContextOf(ctx: KoaContextWithOIDC): RequestContext {
  const { client, route } = ctx.oidc;
  return {
    isTokenRequest: route === 'token',
    appId: client?.clientId,
    graceSeconds: client ? hubOf(client).graceSeconds : 0,
    notes: notesOf(ctx),
  };
}

/**
 * Runs before each request: TLS-only cookies where `publicUrl` is https, headers of every response, the code in the
 * URL. After it: the interval of a device, which the library does not send.
 */
function prepareRequests(provider: Provider, issuer: string): void {
  if (issuer.startsWith('https:')) makeCookiesSecure(provider);
  provider.use(async (ctx, next) => {
    ctx.set({ 'X-Frame-Options': 'DENY', 'X-Content-Type-Options': 'nosniff' });
    prefillUserCode(ctx as KoaContextWithOIDC);
    await next();
    const body = ctx.body as { device_code?: string; interval?: number } | undefined;
    if (ctx.path === '/device/auth' && body?.device_code !== undefined)
      body.interval = POLL_SECONDS;
  });
}

const DAY_SECONDS = 86_400;
/** A JWT cannot be revoked, so it lasts ten minutes at most: https://www.rfc-editor.org/rfc/rfc9068#section-5 */
const JWT_SECONDS_MAX = 600;

/** The parts of the library that decisions need, which is loaded on demand. */
interface LibraryParts {
  readonly errors: typeof LibraryErrors;
  readonly interactionPolicy: typeof interactionPolicy;
}

function configurationOf(
  deps: ProviderDeps,
  { errors, interactionPolicy }: LibraryParts,
): Configuration & Record<string, unknown> {
  const secondsOf = (client: object | undefined): number => {
    if (!client) return JWT_SECONDS_MAX;
    const { isJwt, accessTokenSeconds } = hubOf(client);
    return isJwt ? Math.min(accessTokenSeconds, JWT_SECONDS_MAX) : accessTokenSeconds;
  };
  return {
    scopes: [...deps.scopes.names],
    claims: {
      openid: ['sub'],
      profile: ['preferred_username'],
      email: ['email', 'email_verified'],
    },
    // An app that signs users in gets their claims in the ID token, whatever the access token is for.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    // S256 is the only method that the library has: https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1
    pkce: { required: () => true },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    clientDefaults: { id_token_signed_response_alg: 'ES256', grant_types: [], response_types: [] },
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256', 'PS256', 'RS256', 'EdDSA'],
      idTokenSigningAlgValues: ['ES256'],
      dPoPSigningAlgValues: ['ES256', 'EdDSA'],
    },
    extraClientMetadata: { properties: [HUB_METADATA] },
    allowOmittingSingleRegisteredRedirectUri: false,
    acceptQueryParamAccessTokens: false,
    subjectTypes: ['public'],
    cookies: {
      keys: cookieKeysOf(deps.secrets),
      long: sessionCookieOf(deps.issuer),
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
      names: { session: SESSION_COOKIE, interaction: 'hub_oauth_step', resume: 'hub_oauth_resume' },
    },
    features: featuresOf(deps, errors.InvalidTarget, secondsOf),
    ttl: {
      AccessToken: (_ctx, _token, client) => secondsOf(client),
      ClientCredentials: (_ctx, _token, client) => secondsOf(client),
      AuthorizationCode: 60,
      DeviceCode: 600,
      IdToken: 600,
      Interaction: 1_800,
      Session: DAY_SECONDS,
      RefreshToken: (_ctx, _token, client) => hubOf(client).refreshTokenSeconds,
      Grant: 365 * DAY_SECONDS,
    },
    ...policiesOf(deps),
    ...pagesOf(deps, { errors, interactionPolicy }),
  };
}

/** What is decided before and by pages. */
function pagesOf(
  deps: ProviderDeps,
  { errors, interactionPolicy }: LibraryParts,
): Pick<Configuration, 'interactions' | 'extraParams' | 'discovery'> {
  const hasSignUp = deps.pageRenderer.pages.brand.signUpUrl !== undefined;
  return {
    interactions: {
      policy: interactionPolicyOf(interactionPolicy, { hasSignUp }),
      url: (_ctx, { uid }) => `${new URL(deps.issuer).pathname}/interaction/${uid}`,
    },
    // The library calls this for each request to authorize, on a browser, a device or pushed.
    extraParams: {
      scope: (ctx) => {
        settleRequestedScopes({ ...deps, errors }, ctx);
      },
    },
    discovery: {
      prompt_values_supported: promptValues({ hasSignUp }),
      end_session_endpoint: `${deps.issuer}/logout`,
    },
  };
}

/** Decisions that depend on the app, the person or the grant of a request. */
function policiesOf({
  store,
  people,
  pageRenderer,
  loadCurrentGrant,
}: ProviderDeps): Partial<Configuration> {
  return {
    // Tokens end with the grant, not with the browser session.
    expiresWithSession: () => Promise.resolve(false),
    issueRefreshToken(ctx, client) {
      const refused = ctx.oidc.entities.Grant?.getRejectedOIDCScope().split(' ') ?? [];
      const isAllowed = client.grantTypeAllowed('refresh_token');
      return Promise.resolve(isAllowed && !refused.includes('offline_access'));
    },
    rotateRefreshToken({ oidc: { client, entities } }) {
      const token = entities.RefreshToken;
      // https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
      const isBare = client?.clientAuthMethod === 'none' && token?.isSenderConstrained() !== true;
      return client === undefined || isBare || hubOf(client).rotates;
    },
    // Another service that verifies a token by itself needs its organization, and so does the hub.
    async extraTokenClaims(ctx, token) {
      const { client } = token;
      if (token.kind === 'ClientCredentials') {
        const { issuance } = notesOf(ctx);
        if (!client || !issuance) return undefined;
        return { organization_id: hubOf(client).organizationId, owner_id: issuance.issuer };
      }
      const grant = token.grantId === undefined ? undefined : await store.loadGrant(token.grantId);
      return grant && { grant_id: grant.id, organization_id: grant.organization };
    },
    async findAccount(_ctx, id) {
      const person = await people.load(id);
      return (
        person && {
          accountId: person.id,
          claims: () => ({
            sub: person.id,
            preferred_username: person.username,
            ...(person.email !== undefined && {
              email: person.email,
              email_verified: person.isEmailVerified,
            }),
          }),
        }
      );
    },
    loadExistingGrant: (ctx) => loadExistingGrant(ctx, loadCurrentGrant),
    clientBasedCORS: (_ctx, origin, client) =>
      client.clientAuthMethod === 'none' &&
      (client.redirectUris ?? []).some(
        (uri) => new URL(uri).origin === origin && origin !== 'null',
      ),
    renderError: (ctx, { error, error_description: description }) =>
      showError(ctx, pageRenderer, { error: String(error), description }),
  };
}

function featuresOf(
  { audience, pageRenderer, scopes, resources }: ProviderDeps,
  InvalidTarget: new () => Error,
  secondsOf: (client: object | undefined) => number,
): NonNullable<Configuration['features']> {
  const isOwn = (client: { clientId: string }, token: { clientId?: string | undefined }) =>
    token.clientId === client.clientId;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: true },
    rpInitiatedLogout: { enabled: false },
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    dPoP: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => isOwn(client, token) },
    introspection: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) =>
        client.clientAuthMethod !== 'none' && isOwn(client, token),
    },
    deviceFlow: {
      enabled: true,
      // eslint-disable-next-line max-params -- the library's
      userCodeInputSource: (ctx, _form, _out, problem) => showDevice(ctx, pageRenderer, problem),
      // eslint-disable-next-line max-params -- the library's
      userCodeConfirmSource: (ctx, _form, client, _device, code) =>
        showDeviceConfirm(ctx, pageRenderer, { appId: client.clientId, code }),
      successSource: (ctx) => showDeviceDone(ctx, pageRenderer),
    },
    resourceIndicators: {
      enabled: true,
      // Unless a client names another resource, only JWTs have an audience: the hub.
      defaultResource: (_ctx, client, oneOf) =>
        Promise.resolve((oneOf as string | undefined) ?? (hubOf(client).isJwt ? audience : [])),
      useGrantedResource: () => Promise.resolve(true),
      getResourceServerInfo(_ctx, resource, client) {
        const hosts = resources.find(resource);
        if (!hosts && !resources.isOwn(resource)) throw new InvalidTarget();
        const own = { format: hubOf(client).isJwt ? 'jwt' : 'opaque', scopes: scopes.names };
        const { format, scopes: names } = hosts
          ? { format: hosts.tokenFormat ?? 'jwt', scopes: hosts.scopes }
          : own;
        return {
          audience: resource,
          scope: [...names].filter(isPermission).join(' '),
          accessTokenTTL:
            format === 'jwt' ? Math.min(secondsOf(client), JWT_SECONDS_MAX) : secondsOf(client),
          accessTokenFormat: format as 'jwt' | 'opaque',
          jwt: { sign: { alg: 'ES256' } },
        };
      },
    },
  };
}

const LOGGED_EVENTS = [
  'authorization',
  'grant',
  'introspection',
  'revocation',
  'userinfo',
  'pushed_authorization_request',
  'device_authorization',
];

function logErrors(provider: Provider, log: Log): void {
  const logRefusal = (ctx: KoaContextWithOIDC, error: Error) => {
    const { client, route } = ctx.oidc;
    const { error: kind, error_detail: detail } = error as {
      readonly error?: string;
      readonly error_detail?: string;
    };
    log.info(
      { route, appId: client?.clientId, outcome: kind, detail, ip: addressOf(ctx) },
      'oauth.refused',
    );
  };
  const events = provider as { on(name: string, listen: typeof logRefusal): unknown };
  for (const name of LOGGED_EVENTS) events.on(`${name}.error`, logRefusal);
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) => {
    log.error({ route: ctx.oidc.route, err: error }, 'oauth.failed');
  });
}
