import type { IncomingMessage, ServerResponse } from 'node:http';

import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';

import { type AnyFunction, commonErrors } from '../src/contract/index.js';
import { newRequestId } from '../src/platform/ids.js';
import type { Services } from '../src/services.js';
import { VERSION } from '../src/version.js';
import { callbackRoute } from './connections/callbackRoute.js';
import { startRoute } from './connections/startRoute.js';
import { openApiDocument } from './openapi.js';

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * Express middleware: every request has an id, the caller's own where it is a usable one, by which Parse Server's log, the
 * hub's and the caller's name it. Answered as X-Request-Id.
 */
export function giveRequestId(req: IncomingMessage, res: ServerResponse, next: () => void): void {
  const given = req.headers['x-request-id'];
  const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : newRequestId();
  req.headers['x-request-id'] = requestId;
  res.setHeader('X-Request-Id', requestId);
  next();
}

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
