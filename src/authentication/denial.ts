import type { ServerResponse } from 'node:http';

import { type BearerActor, commonErrors, permissionDenied } from '../contract/index.js';
import { challengeOf } from './challenge.js';
import type { Gateway, ParseRequest } from './gateway.js';
import { holdResponse } from './heldResponse.js';
import { setChallenge } from './refusal.js';
import { requestedAccess } from './requestedAccess.js';

/**
 * Gives the response of a function of the hub that a key or token may not call the status 403, and the challenge that names
 * the missing scope. Parse Server itself responds to every error of a function with 400. A batch keeps its form.
 * https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 */
export function challengeDenials(
  gateway: Gateway | undefined,
  {
    req,
    res,
    actor,
    scheme,
  }: {
    readonly req: ParseRequest;
    readonly res: ServerResponse;
    readonly actor: BearerActor;
    readonly scheme: string | undefined;
  },
): void {
  const [requested, ...others] = requestedAccess(req);
  if (!gateway || requested?.kind !== 'function' || others.length > 0) return;
  const permission = gateway.permissionOf(requested.name);
  if (permission === undefined) return;
  void holdResponse(res, () => undefined).then((held) => {
    if (held.code === commonErrors.PermissionDenied.spec.code && !res.headersSent) {
      res.statusCode = commonErrors.PermissionDenied.spec.status;
      const error = permissionDenied(actor, permission);
      const challenge = actor.scopes.includes(permission)
        ? undefined
        : challengeOf(error, { scheme, scopes: [permission] }, gateway.challenges);
      if (challenge !== undefined) setChallenge(res, challenge);
    }
    held.send();
  });
}
