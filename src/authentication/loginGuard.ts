import type { ServerResponse } from 'node:http';

import { isOwnPasswordTest, routeInBatch } from '../platform/parse/index.js';
import { securityErrors } from '../security/index.js';
import type { Gateway, ParseRequest } from './gateway.js';
import { type HeldResponse, holdResponse } from './heldResponse.js';
import { countedRequest, type LoginRequest } from './loginRoutes.js';
import { respondRefused, shownError } from './refusal.js';

/**
 * Counts log-ins, sign-ups and requests for e-mails at Parse Server itself, in the same counts as those of the hub's pages:
 * a log-in by its result, which is sent only once it is counted. Requests with the master key pass.
 */
export function guardLogin(
  gateway: Gateway | undefined,
  { req, res }: { readonly req: ParseRequest; readonly res: ServerResponse },
  next: (error?: unknown) => void,
): void {
  const { auth, originalUrl, config } = req;
  const isTrusted =
    auth?.isMaster === true || auth?.isMaintenance === true || isOwnPasswordTest(req.info);
  const counted = isTrusted
    ? undefined
    : countedRequest(req, (path) => routeInBatch(originalUrl, config)(path));
  if (!gateway || !counted) {
    next();
    return;
  }
  const { logins } = gateway.services;
  const { login, signUps, emails, isInBatch } = counted;
  const run = async (): Promise<void> => {
    if (isInBatch) throw securityErrors.LoginInBatch();
    if (signUps > 0) await logins.countSignUps(signUps, req.ip);
    for (const email of emails) await logins.countEmail(email, req.ip);
    if (login) await runLogin(gateway, { req, res, login, next });
    else next();
  };
  run().catch((error: unknown) => {
    if (res.headersSent) return;
    respondRefused(res, shownError(error, req, { log: gateway.log, actor: 'none' }));
  });
}

/** Runs a log-in and sends its response, unless it has to wait. */
async function runLogin(
  { services: { logins } }: Gateway,
  {
    req,
    res,
    login,
    next,
  }: {
    readonly req: ParseRequest;
    readonly res: ServerResponse;
    readonly login: LoginRequest;
    readonly next: () => void;
  },
): Promise<void> {
  const { username, email, hasFactors } = login;
  const installationId = req.info?.['installationId'];
  let held: HeldResponse | undefined;
  const attempt = {
    name: { username, email },
    address: req.ip,
    installationId: typeof installationId === 'string' ? installationId : undefined,
  };
  try {
    await logins.attempt(attempt, async () => {
      held = await holdResponse(res, next);
      return isWrong(held, { hasFactors, isHead: req.method === 'HEAD' }) ? undefined : held;
    });
  } catch (error) {
    held?.discard();
    throw error;
  }
  held?.send();
}

/** Parse's OBJECT_NOT_FOUND, which it answers to a wrong password and to an unknown name. */
const WRONG = 101;

function isWrong(
  { status, code }: HeldResponse,
  { hasFactors, isHead }: { readonly hasFactors: boolean; readonly isHead: boolean },
): boolean {
  if (status < 400 || status >= 500) return false;
  // A response to HEAD has no body.
  return hasFactors || code === WRONG || (isHead && code === undefined && status === 404);
}
