import type { IncomingMessage, ServerResponse } from 'node:http';

import { type AppError, commonErrors } from '../contract/index.js';
import { type ChallengeContext, challengeOf } from './challenge.js';
import { BEARERS } from './credentialKinds.js';
import { hasForeignBearer, hasOtherCredential, nameApplication } from './credentials.js';
import type { Gateway, ParseRequest } from './gateway.js';
import { respondRefused, setChallenge, shownError } from './refusal.js';

/** Requests without a key or token of the hub: those with a bearer token of another form, and those without any credential. */
export interface UnknownCallers {
  /** Before Parse Server; `others` is the number of other credentials in the headers. */
  receive(req: IncomingMessage, res: ServerResponse, others: number): void;
  /**
   * Within Parse Server: refuses a bearer token that is not the hub's, and returns whether it did. Its sender would otherwise
   * act as an unauthenticated caller, unnoticed.
   */
  refuse(req: ParseRequest, res: ServerResponse): boolean;
}

export function createUnknownCallers(
  gateway: () => Gateway | undefined,
  passesForeignBearers: boolean,
): UnknownCallers {
  const foreign = new WeakSet();
  return {
    receive(req, res, others) {
      if (!passesForeignBearers && hasForeignBearer(req, BEARERS)) {
        foreign.add(req.headers);
        receiveForeign(gateway(), req, res);
      } else if (others === 0) challengeUnnamed(req, res, gateway()?.challenges);
    },
    refuse(req, res) {
      if (!foreign.has(req.headers) || hasOtherCredential(req)) return false;
      respondForeign(gateway(), req, res);
      return true;
    },
  };
}

/**
 * Names the application, so that Parse Server goes on to the refusal; but gives no client key of the host's to a request that may
 * have another credential. Where such a key is missing, Parse Server refuses the request itself.
 */
function receiveForeign(
  gateway: Gateway | undefined,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  if (!gateway) return;
  nameApplication(req.headers, { id: gateway.application.id, clientKey: undefined });
  const challenge = foreignChallenge(gateway, req, commonErrors.OAuthTokenNotValid());
  challengeRefusal(res, challenge, () => (req as ParseRequest).auth === undefined);
}

function foreignChallenge(
  { challenges }: Gateway,
  { headers }: IncomingMessage,
  error: AppError,
): string | undefined {
  const scheme = /^dpop/i.test(headers.authorization ?? '') ? 'dpop' : 'bearer';
  return challengeOf(error, { scheme }, challenges);
}

function respondForeign(
  gateway: Gateway | undefined,
  req: ParseRequest,
  res: ServerResponse,
): void {
  const error = commonErrors.OAuthTokenNotValid();
  const shown = shownError(error, req, { log: gateway?.log, actor: 'none' });
  respondRefused(res, shown, gateway && foreignChallenge(gateway, req, shown));
}

/**
 * Parse Server responds 403 to a request that names no application. A client that knows neither its id nor a token yet begins
 * with such a request, and expects 401 with the metadata of the resource:
 * https://www.rfc-editor.org/rfc/rfc9728#section-5, https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 */
function challengeUnnamed(
  req: IncomingMessage,
  res: ServerResponse,
  challenges: ChallengeContext | undefined,
): void {
  const metadata = challenges?.resourceMetadata();
  if (req.headers['x-parse-application-id'] !== undefined || metadata === undefined) return;
  const challenge = `Bearer realm="parse", resource_metadata="${metadata}"`;
  challengeRefusal(res, challenge, () => !namesApplication(req));
}

/** Makes Parse Server's 403 a 401 with a challenge, where the condition holds when it responds. */
function challengeRefusal(
  res: ServerResponse,
  challenge: string | undefined,
  isMeant: () => boolean,
): void {
  const writeHead = res.writeHead.bind(res) as (
    status: number,
    ...rest: unknown[]
  ) => ServerResponse;
  res.writeHead = (status: number, ...rest: unknown[]) => {
    const isChallenged = status === 403 && isMeant();
    if (isChallenged && challenge !== undefined) setChallenge(res, challenge);
    return writeHead(isChallenged ? 401 : status, ...rest);
  };
}

/** Whether Parse Server, which has parsed the request by now, found an application: the SDK names it in the body. */
function namesApplication(req: IncomingMessage): boolean {
  const { info, body } = req as Pick<ParseRequest, 'info' | 'body'>;
  const given = body as { readonly _ApplicationId?: unknown } | undefined;
  return Boolean(info?.['appId'] ?? given?._ApplicationId);
}
