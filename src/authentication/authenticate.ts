import type { IncomingMessage, ServerResponse } from 'node:http';

import { apiKeyErrors } from '../apiKeys/index.js';
import type { BearerActor } from '../contract/index.js';
import { giveRequestId } from '../platform/requestId.js';
import { oauthBearer } from './accessTokenCredential.js';
import { apiKeyBearer } from './apiKeyCredential.js';
import type { BearerKind, ParseRequest, Presented } from './bearer.js';
import { credentialsIn, hasOtherCredential, nameApplication, takeOut } from './credentials.js';
import type { Door } from './gateway.js';
import { nameOf, openReach } from './hostAccess.js';
import { tellRefusal } from './recordRefusal.js';
import { refuse, shownOf } from './refuse.js';
import { askedFor, isOpen } from './requestedAccess.js';

/**
 * Every kind of credential that makes a program a caller. What they have in common — one credential a request, nothing but
 * what the scopes open — is below.
 */
const BEARERS: readonly BearerKind[] = [apiKeyBearer, oauthBearer];

type Next = (error?: unknown) => void;

/**
 * Makes who sends a key or a token a caller: credentials presented → one of them → who comes with it → is everything that
 * is asked for open to him? The hub's functions ask for permissions themselves, by whatever way they are reached.
 */
export interface Authenticator {
  /** Before Parse Server: takes the credential out of the headers, so that no log and no cloud code sees it. */
  readonly receive: (req: IncomingMessage, res: ServerResponse, next: () => void) => void;
  /** Within it, once it knows what else was sent: lets the caller in or answers why not. */
  readonly admit: (req: ParseRequest, res: ServerResponse, next: Next) => void;
  /** Who called a cloud function with a key or a token, by the headers that Parse Server hands to it. */
  actorOf(headers: object | undefined): BearerActor | undefined;
}

export function createAuthenticator(door: () => Door | undefined): Authenticator {
  const received = new WeakMap<object, Presented>();
  const admitted = new WeakMap<object, BearerActor>();

  async function admit(req: ParseRequest, presented: Presented): Promise<void> {
    const open = door();
    if (!open) throw new Error('A key or token came before Parse Server had started.');
    if (hasOtherCredential(req)) throw apiKeyErrors.CredentialsMixed();
    const asked = askedFor(req);
    const calls = asked.map((each) => nameOf(each, open));
    let actor: BearerActor | undefined;
    try {
      actor = await presented.kind.admit(open.services, { ...presented, req, calls });
      await openReach(open, { req, actor }, asked);
    } catch (error) {
      await tellRefusal(open, req, { error, actor, calls });
      throw error;
    }
    admitted.set(req.headers, actor);
  }

  return {
    actorOf: (headers) => headers && admitted.get(headers),

    receive(req, res, next) {
      giveRequestId(req, res, () => undefined);
      const { presented, others } = credentialsIn(req, BEARERS);
      const [one] = presented;
      if (!one) {
        next();
        return;
      }
      takeOut(req.headers, BEARERS);
      if (presented.length > 1 || others > 0) {
        refuse(res, apiKeyErrors.CredentialsMixed());
        return;
      }
      if (!isOpen(req.url ?? '')) {
        refuse(res, apiKeyErrors.FunctionsOnly());
        return;
      }
      received.set(req.headers, one);
      nameApplication(req.headers, door()?.appId);
      next();
    },

    admit(req, res, next) {
      const presented = received.get(req.headers);
      if (presented === undefined) {
        next();
        return;
      }
      admit(req, presented).then(
        () => {
          next();
        },
        (error: unknown) => {
          refuse(res, shownOf(error, req, door()?.log));
        },
      );
    },
  };
}
