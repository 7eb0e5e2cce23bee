import type { ServerResponse } from 'node:http';

import type { AppError } from '../contract/index.js';
import type { ParseRequest } from './gateway.js';

/**
 * The responses of requests that Parse Server works on, found by the headers that cloud functions get. Parse Server gives
 * every refusal of a function the status 400 (parse-server 9, lib/middlewares.js, handleParseErrors).
 */
export interface ParseResponses {
  remember(req: ParseRequest, res: ServerResponse): void;
  /**
   * Gives the response the status of an error and its Retry-After, which Parse Server then completes. A batch has a status of
   * its own, and the longest Retry-After of its parts.
   */
  refuse(headers: object | undefined, error: AppError): void;
}

/** Express sets the status with this method. */
interface ExpressResponse extends ServerResponse {
  status?(code: number): unknown;
}

export function createParseResponses(): ParseResponses {
  const responses = new WeakMap<
    object,
    { readonly res: ExpressResponse; readonly isBatch: boolean }
  >();
  return {
    remember({ headers, path }, res) {
      responses.set(headers, { res, isBatch: /^\/batch\/?$/i.test(path) });
    },
    refuse(headers, { spec, detail }) {
      const known = headers && responses.get(headers);
      if (!known || known.res.headersSent) return;
      const { res, isBatch } = known;
      const seconds = Number(detail?.['retryAfterSeconds'] ?? 0);
      if (seconds > Number(res.getHeader('Retry-After') ?? 0))
        res.setHeader('Retry-After', seconds);
      exposeHeaders(res, ['Retry-After']);
      if (isBatch) return;
      const { status } = res;
      res.status = (code) => status?.call(res, code === 400 ? spec.status : code);
    },
  };
}

const EXPOSED = 'Access-Control-Expose-Headers';

/** Lets pages of other origins read these headers, beside those of Parse Server. */
export function exposeHeaders(res: ServerResponse, names: readonly string[]): void {
  const given = String(res.getHeader(EXPOSED) ?? '');
  const listed = given === '' ? [] : given.split(/\s*,\s*/);
  res.setHeader(EXPOSED, [...new Set([...listed, ...names])].join(', '));
}
