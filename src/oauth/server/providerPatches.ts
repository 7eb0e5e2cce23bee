import type { KoaContextWithOIDC, Provider } from 'oidc-provider';

import { type BruteForceProtection, waitSecondsIn } from '../../security/index.js';
import type { Issuance } from '../apps/issuance.js';
import { generateToken, tokenFrom } from '../tokens/tokenValue.js';
import type { OwnTokenScopes } from './ownToken.js';
import { addressOf, notesOf } from './requestNotes.js';

/**
 * Every method of oidc-provider that the hub replaces, in one file. oidc-provider has no option for any of them, so each
 * replacement stands on lines of the library that are not part of its public interface. The links name those lines at the
 * version that is installed; spec/oauth/providerPatches.spec.ts compares them with the installed files and fails when one
 * changed. To update the library: read what changed, adapt the replacement, and update the links here and the lines there.
 */
export interface ProviderPatchDeps {
  /** The prefix of tokens. */
  readonly prefix: string;
  readonly bruteForce: BruteForceProtection;
  /** Compares a client secret with the stored hashes; returns who issued it, `undefined` when it is none of them. */
  loadSecretIssuance(appId: string, secret: string): Promise<Issuance | undefined>;
  /** Returns the scopes of a token that the app of the request gets for itself. Throws an error of the library. */
  ownTokenScopes(ctx: KoaContextWithOIDC, scopes: OwnTokenScopes): Promise<string>;
  /** The request that is being handled; `undefined` outside of one. */
  currentRequest(): KoaContextWithOIDC | undefined;
  /** The library’s own error for a client that has to wait. */
  tooManyAttemptsError(): Error;
}

/** Replaces the methods on this provider’s own classes. Throws when the library no longer has one of them. */
export function patchProvider(provider: Provider, deps: ProviderPatchDeps): void {
  patchUrlFor(provider);
  patchCompareClientSecret(provider, deps);
  patchFindByUserCode(provider, deps);
  patchSaveOwnToken(provider, deps);
  patchGenerateTokenId(provider.AccessToken, 'access', deps);
  patchGenerateTokenId(provider.ClientCredentials, 'access', deps);
  patchGenerateTokenId(provider.RefreshToken, 'refresh', deps);
}

/**
 * Why: the library builds addresses from the Host header of the request, which a client chooses. The endpoints that it
 * publishes, and the address that a DPoP proof has to name, follow from `publicUrl` instead.
 *
 * Replaced: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/helpers/oidc_context.js#L77-L85
 * Used instead: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/provider.js#L167-L169
 * The class is one per provider: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/provider.js#L329-L332
 */
function patchUrlFor(provider: Provider): void {
  const { OIDCContext } = provider as unknown as { OIDCContext: { prototype: object } };
  replaceMethod(OIDCContext.prototype, 'urlFor', function urlFor(name: string, options?: object) {
    return provider.urlFor(name, { ...options });
  });
}

/**
 * Why: the library compares secrets as text and so needs them readable; the hub stores hashes
 * (https://github.com/panva/node-oidc-provider/issues/631). Wrong secrets also count against the sender’s address.
 *
 * Replaced: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/models/client.js#L543-L545
 * Its only caller, which awaits the result: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/shared/client_auth.js#L237-L240
 */
function patchCompareClientSecret(provider: Provider, deps: ProviderPatchDeps): void {
  const { bruteForce, loadSecretIssuance, currentRequest, tooManyAttemptsError } = deps;
  replaceMethod(
    provider.Client.prototype,
    'compareClientSecret',
    async function compareClientSecret(this: { readonly clientId: string }, given: string) {
      const ctx = currentRequest();
      const secret = JSON.stringify([this.clientId, given]);
      const attempt = { what: 'clientSecret', address: ctx && addressOf(ctx), secret } as const;
      try {
        const issuance = await bruteForce.attempt(attempt, () =>
          loadSecretIssuance(this.clientId, given),
        );
        if (ctx && issuance) notesOf(ctx).issuance = issuance;
        return issuance !== undefined;
      } catch (error) {
        const seconds = waitSecondsIn(error);
        if (seconds === undefined) throw error;
        ctx?.set('Retry-After', String(seconds));
        throw tooManyAttemptsError();
      }
    },
  );
}

/**
 * Why: user codes are short. Codes that do not exist count against the sender’s address, and during a wait no code is looked
 * up. The wait is noted on the request for the page that follows.
 *
 * Replaced, and called from the replacement: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/models/device_code.js#L6-L18
 * Its only caller, which takes `undefined` for a code that does not exist:
 * https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/actions/code_verification.js#L52-L59
 */
function patchFindByUserCode(provider: Provider, deps: ProviderPatchDeps): void {
  const { bruteForce, currentRequest } = deps;
  type Find = (code: string, options?: object) => Promise<object | undefined>;
  const codes = provider.DeviceCode as unknown as { readonly findByUserCode: Find };
  const find = codes.findByUserCode.bind(codes);
  replaceMethod(codes, 'findByUserCode', async function findByUserCode(code: string, options) {
    const ctx = currentRequest();
    const attempt = { what: 'userCode', address: ctx && addressOf(ctx) } as const;
    try {
      return await bruteForce.attempt(attempt, () => find(code, options));
    } catch (error) {
      const seconds = waitSecondsIn(error);
      if (seconds === undefined || !ctx) throw error;
      notesOf(ctx).waitSeconds = seconds;
      return undefined;
    }
  } satisfies Find);
}

/**
 * Why: opaque tokens begin with the hub’s prefix, so that secret scanners find them, and a token request that is repeated
 * within the grace gets the same tokens as the first time. JWTs keep the library’s own id.
 *
 * Replaced, for access tokens: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/models/access_token.js#L49-L51
 * for client credentials: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/models/client_credentials.js#L33-L35
 * for refresh tokens, which inherit it: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/models/base_model.js#L65-L67
 * Called once for each new token: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/models/base_model.js#L77-L80
 * The original also sets `format`, so it is called first: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/models/formats/index.js#L4-L11
 */
function patchGenerateTokenId(
  model: { readonly prototype: object },
  what: 'access' | 'refresh',
  { prefix, currentRequest }: ProviderPatchDeps,
): void {
  const prototype = model.prototype as { generateTokenId(): string };
  const { generateTokenId: original } = prototype;
  replaceMethod(
    prototype,
    'generateTokenId',
    function generateTokenId(this: { readonly scope?: string; readonly format?: string }) {
      const id = original.call(this);
      if (this.format === 'jwt') return id;
      const ctx = currentRequest();
      const seed = ctx && notesOf(ctx).successorSeed;
      if (seed === undefined) return generateToken(prefix, what);
      const about = what === 'access' ? (this.scope ?? '') : '';
      return tokenFrom(seed, { prefix, what, about });
    },
  );
}

/**
 * Why: a token of the app itself has no more scopes than the secret or key that the app authenticated with was issued for, and
 * those depend on which of several it was. The library knows only the scopes of the app.
 *
 * Replaced, and called from the replacement: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/models/base_token.js#L59-L61
 * Its caller, which reads the scope again for the response: https://github.com/panva/node-oidc-provider/blob/v9.13.3/lib/actions/grants/client_credentials.js#L46-L55
 */
function patchSaveOwnToken(provider: Provider, deps: ProviderPatchDeps): void {
  const { currentRequest, ownTokenScopes } = deps;
  const prototype = provider.ClientCredentials.prototype as unknown as OwnToken;
  const { save: original } = prototype;
  replaceMethod(prototype, 'save', async function save(this: OwnToken) {
    const ctx = currentRequest();
    if (!ctx) throw new Error('A token of an app was issued outside of a request.');
    const available = this.resourceServer?.scope.split(' ');
    this.scope = await ownTokenScopes(ctx, { scope: this.scope, available });
    return original.call(this);
  });
}
interface OwnToken {
  scope: string | undefined;
  readonly resourceServer?: { readonly scope: string } | undefined;
  save(): Promise<string>;
}

function replaceMethod(
  owner: object,
  name: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each replacement has the signature of its original
  method: (...given: any[]) => unknown,
): void {
  if (typeof (owner as Readonly<Record<string, unknown>>)[name] !== 'function')
    throw new Error(
      `The installed oidc-provider has no method ${name}, which the hub replaces. Install the version that the hub’s package.json names.`,
    );
  Object.defineProperty(owner, name, { value: method });
}
