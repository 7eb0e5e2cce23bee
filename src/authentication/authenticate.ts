import type { IncomingMessage, ServerResponse } from 'node:http';

import { apiKeyErrors } from '../apiKeys/index.js';
import type { AppError, BearerActor } from '../contract/index.js';
import { giveAddress, type TrustProxy } from '../platform/http/index.js';
import { giveRequestId } from '../platform/requestId.js';
import { challengeOf } from './challenge.js';
import { bodyChecker, type RequestLimits } from './checkBody.js';
import { BEARERS } from './credentialKinds.js';
import { credentialsIn, hasOtherCredential, nameApplication, takeOut } from './credentials.js';
import { challengeDenials } from './denial.js';
import type { BearerRequest, Gateway, ParseRequest, Presented } from './gateway.js';
import { openHostAccess, usageName } from './hostAccess.js';
import { guardLogin } from './loginGuard.js';
import { createParseResponses, type ParseResponses } from './parseResponses.js';
import { setRateLimitHeaders } from './rateLimitHeaders.js';
import { recordRefusal, respondRefused, shownError } from './refusal.js';
import { isOpenRoute, requestedAccess } from './requestedAccess.js';
import { createTurns, credentialOf } from './turns.js';
import { createUnknownCallers } from './unknownCallers.js';

type Next = (error?: unknown) => void;

/**
 * Makes a request with a key or a token a caller: credentials presented → exactly one → its caller → everything requested is
 * open to them. The hub's own functions check permissions themselves, whatever they are called by.
 */
export interface Authenticator {
  /** Middleware before Parse Server: takes the credential out of the headers, so that no log and no cloud code sees it. */
  readonly receive: (req: IncomingMessage, res: ServerResponse, next: () => void) => void;
  /** Middleware within Parse Server, which has parsed the request by then: admits the caller, or responds with the refusal. */
  readonly admit: (req: ParseRequest, res: ServerResponse, next: Next) => void;
  /** See `ParseResponses`. */
  readonly refuse: ParseResponses['refuse'];
  /** Returns who called a cloud function with a key or a token, by the headers that Parse Server hands to it. */
  actorOf(headers: object | undefined): BearerActor | undefined;
}

export interface AuthenticatorOptions {
  /** Whom to believe about the client's address; `undefined`: as the host's Express app. */
  readonly trust?: TrustProxy | undefined;
  /** Whether bearer tokens that are not the hub's pass to the host, instead of being refused. */
  readonly passesForeignBearers: boolean;
  /** `undefined`: no limits of bodies. */
  readonly requestLimits: RequestLimits | undefined;
}

/** Makes the two middlewares; `gateway` returns `undefined` until Parse Server has started. */
export function createAuthenticator(
  gateway: () => Gateway | undefined,
  { trust, passesForeignBearers, requestLimits }: AuthenticatorOptions,
): Authenticator {
  const unknown = createUnknownCallers(gateway, passesForeignBearers);
  const received = new WeakMap<object, Presented>();
  const admitted = new WeakMap<object, BearerActor>();
  const responses = createParseResponses();
  const turns = createTurns(gateway);
  const checkBody = bodyChecker(gateway, requestLimits);
  return {
    refuse: responses.refuse,
    actorOf: (headers) => headers && admitted.get(headers),

    receive(req, res, next) {
      giveRequestId(req, res, () => undefined);
      giveAddress(req, trust);
      const { presented, others } = credentialsIn(req, BEARERS);
      const [one] = presented;
      if (!one) {
        unknown.receive(req, res, others);
        checkBody(req, res, () => {
          turns.enter({ req, res }, credentialOf(req), next);
        });
        return;
      }
      takeOut(req.headers, BEARERS);
      const refusal = refusalBeforeParsing(req, presented.length + others);
      if (refusal) {
        respondRefused(res, refusal);
        return;
      }
      received.set(req.headers, one);
      nameApplication(req.headers, gateway()?.application);
      checkBody(req, res, () => {
        turns.enter({ req, res }, one.credential, next);
      });
    },

    admit(req, res, next) {
      responses.remember(req, res);
      const presented = received.get(req.headers);
      if (presented === undefined) {
        turns.end(req);
        if (!unknown.refuse(req, res)) guardLogin(gateway(), { req, res }, next);
        return;
      }
      admitCaller(gateway(), { req, res }, presented).then(
        (actor) => {
          turns.end(req);
          admitted.set(req.headers, actor);
          challengeDenials(gateway(), { req, res, actor, scheme: presented.scheme });
          next();
        },
        (error: unknown) => {
          const shown = shownError(error, req, { log: gateway()?.log, actor: 'bearer' });
          respondRefused(res, shown, refusalChallenge(gateway(), shown, presented));
        },
      );
    },
  };
}

function refusalChallenge(
  gateway: Gateway | undefined,
  error: AppError,
  { scheme }: Pick<Presented, 'scheme'>,
): string | undefined {
  const scopes = (error.detail?.['scopes'] ?? []) as readonly string[];
  return gateway && challengeOf(error, { scheme, scopes }, gateway.challenges);
}

function refusalBeforeParsing({ url = '' }: IncomingMessage, credentials: number) {
  if (credentials > 1) return apiKeyErrors.CredentialsMixed();
  return isOpenRoute(url) ? undefined : apiKeyErrors.FunctionsOnly();
}

/** Returns the caller, and makes the request theirs where it requests something of the host. Throws why it is refused. */
async function admitCaller(
  gateway: Gateway | undefined,
  { req, res }: { readonly req: ParseRequest; readonly res: ServerResponse },
  presented: Presented,
): Promise<BearerActor> {
  if (!gateway) throw new Error('A key or token came before Parse Server had started.');
  if (hasOtherCredential(req)) throw apiKeyErrors.CredentialsMixed();
  const requested = requestedAccess(req);
  const calls = requested.map((each) => usageName(each, gateway));
  let actor: BearerActor | undefined;
  try {
    const onLimits: BearerRequest['onLimits'] = (limits) => {
      setRateLimitHeaders(res, limits);
    };
    const request = { ...presented, req, calls, onLimits };
    actor = await presented.kind.admit(gateway.services, request);
    await openHostAccess(gateway, { req, actor }, requested);
    return actor;
  } catch (error) {
    await recordRefusal(gateway, req, { error, actor, calls });
    throw error;
  }
}
