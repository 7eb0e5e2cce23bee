import type { IncomingMessage, ServerResponse } from 'node:http';

import express, { type Router } from 'express';

import type { AnyFunction } from '../src/contract/index.js';
import { newRequestId } from '../src/platform/ids.js';
import { VERSION } from '../src/version.js';
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
  /** Parse Server as others reach it. */
  parseUrl(): string;
  isReady(): boolean;
}

/** The hub's own HTTP surface: what load balancers ask, and the description of what can be called. */
export function hubRouter({ functions, prefix, parseUrl, isReady }: RouterOptions): Router {
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
  router.use((_req, res) => {
    res.status(404).json({
      error: 'There is nothing at this address. See /openapi.json for what can be called.',
    });
  });
  return router;
}
