import express, {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';

import type { Services } from '../app/services.js';
import { type AnyFunction, commonErrors } from '../contract/index.js';
import type { Readiness } from '../monitoring/index.js';
import { giveAddress, type TrustProxy } from '../platform/http/index.js';
import { giveRequestId } from '../platform/requestId.js';
import { openApiDocument } from '../reference/openapi.js';
import { VERSION } from '../version.js';
import { addressesText, hubAddresses } from './addresses.js';
import { callbackRoute } from './connectCallbackRoute.js';
import { startRoute } from './connectStartRoute.js';
import { invitationRoutes } from './invitationRoutes.js';
import { leakRoute } from './leakRoute.js';

export interface RouterOptions {
  readonly functions: readonly AnyFunction[];
  readonly prefix: string;
  /** Whom to believe about the client's address; `undefined`: as the host's Express app. */
  readonly trust: TrustProxy | undefined;
  /** The public URL of the hub. */
  readonly publicUrl: string;
  /** URL prefixes of the host's pages. */
  readonly returnUrls: readonly string[];
  /** Returns the public URL of Parse Server. */
  parseUrl(): string;
  readiness(): Promise<Readiness>;
  /** Available once Parse Server has started. */
  services(): Services;
  /** Logs an error of the hub itself. */
  failed(error: unknown, requestId: string): void;
}

/**
 * The hub's own HTTP routes: health checks for load balancers, the OpenAPI document, consents, leak reports and the
 * authorization server.
 */
export function hubRouter({
  functions,
  prefix,
  trust,
  publicUrl,
  returnUrls,
  parseUrl,
  readiness,
  services,
  failed,
}: RouterOptions): Router {
  const router = express.Router();
  router.use(giveRequestId);
  router.use(addressGiver(trust));
  router.get(hubAddresses.live.path, (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get([hubAddresses.health.path, hubAddresses.ready.path], readyRoute(readiness));
  // Built on the first request: by then the host has set where Parse Server is. It takes some 30 ms.
  let document: ReturnType<typeof openApiDocument> | undefined;
  router.get(hubAddresses.openApi.path, (_req, res) => {
    document ??= openApiDocument({
      manifest: functions,
      prefix,
      serverUrl: parseUrl(),
      title: 'Integration Hub',
      version: VERSION,
    });
    res.json(document);
  });
  router.post(hubAddresses.leakedKeys.path, ...leakRoute(services));
  const consent = () => ({
    services: services(),
    returnUrls,
    callbackUrl: `${publicUrl}/oauth/callback`,
  });
  router.get('/oauth/callback', (req, res, next) => {
    callbackRoute(consent(), req, res).catch(next);
  });
  const start: RequestHandler = (req, res, next) => {
    startRoute(consent(), req, res).catch(next);
  };
  router.get('/oauth/start', start);
  router.post('/oauth/start', start);
  const invitations = invitationRoutes({ services, publicUrl });
  router.get('/invitations', invitations.show);
  router.post('/invitations', ...invitations.answer);
  // All other paths are the authorization server's, which handles them itself.
  router.use('/oauth', (req, res, next) => {
    services().oauth.handle(req, res, next);
  });
  router.use((_req, res) => {
    res.status(404).json({
      error: `There is nothing at this URL. The hub has ${addressesText(publicUrl)}.`,
    });
  });
  router.use(errorResponder(failed));
  return router;
}

/** Without it express would answer with the stack. */
function errorResponder(failed: RouterOptions['failed']): ErrorRequestHandler {
  // eslint-disable-next-line max-params -- express recognizes an error handler by its four parameters
  return (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    const requestId = String(req.headers['x-request-id']);
    failed(error, requestId);
    res.status(500).json({ error: commonErrors.Internal({ requestId }).message });
  };
}

function addressGiver(trust: TrustProxy | undefined): RequestHandler {
  return (req, _res, next) => {
    giveAddress(req, trust);
    next();
  };
}

/** Returns the route of the readiness check for load balancers. */
function readyRoute(readiness: RouterOptions['readiness']): RequestHandler {
  return async (_req, res) => {
    const found = await readiness();
    res
      .status(found.status === 'ok' ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(found);
  };
}
