import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';

import type { Services } from '../app/services.js';
import { type AnyFunction, commonErrors } from '../contract/index.js';
import { giveRequestId } from '../platform/requestId.js';
import { openApiDocument } from '../reference/openapi.js';
import { VERSION } from '../version.js';
import { callbackRoute } from './connectCallbackRoute.js';
import { startRoute } from './connectStartRoute.js';
import { leakRoute } from './leakRoute.js';

export interface RouterOptions {
  readonly functions: readonly AnyFunction[];
  readonly prefix: string;
  /** The hub as others reach it. */
  readonly publicUrl: string;
  /** Beginnings of addresses of the host's pages. */
  readonly returnUrls: readonly string[];
  /** Parse Server as others reach it. */
  parseUrl(): string;
  isReady(): boolean;
  /** Once Parse Server has started. */
  services(): Services;
  /** What failed on our side, for the log. */
  failed(error: unknown, requestId: string): void;
}

/** The hub's own HTTP surface: what load balancers ask, and the description of what can be called. */
export function hubRouter({
  functions,
  prefix,
  publicUrl,
  returnUrls,
  parseUrl,
  isReady,
  services,
  failed,
}: RouterOptions): Router {
  const router = express.Router();
  router.use(giveRequestId);
  router.get('/health', (_req, res) => {
    const ready = isReady();
    res
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status: ready ? 'ok' : 'starting' });
  });
  // Made with the first request: by then the host has said where Parse Server is. It takes some 30 ms.
  let document: ReturnType<typeof openApiDocument> | undefined;
  router.get('/openapi.json', (_req, res) => {
    document ??= openApiDocument({
      manifest: functions,
      prefix,
      serverUrl: parseUrl(),
      title: 'Integration Hub',
      version: VERSION,
    });
    res.json(document);
  });
  router.post('/leaks/api-keys', ...leakRoute(services));
  const consent = () => ({
    ...{ services: services(), returnUrls },
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
  // Whatever else is there is the authorisation server's, which answers for itself.
  router.use('/oauth', (req, res, next) => {
    services().oauth.handle(req, res, next);
  });
  router.use((_req, res) => {
    res.status(404).json({
      error: 'There is nothing at this address. See /openapi.json for what can be called.',
    });
  });
  // Without it express would answer with the stack.
  // eslint-disable-next-line max-params -- express tells an error handler by its four parameters
  router.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    const requestId = String(req.headers['x-request-id']);
    failed(error, requestId);
    res.status(500).json({ error: commonErrors.Internal({ requestId }).message });
  });
  return router;
}
