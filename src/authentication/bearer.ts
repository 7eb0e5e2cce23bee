import type { IncomingMessage } from 'node:http';

import type { Services } from '../app/services.js';
import type { BearerActor } from '../contract/index.js';
import type { ParseServerConfig, ServerUrls } from '../platform/parse/index.js';

/** Whom Parse Server takes a request for. */
export interface ParseAuth {
  readonly isMaster?: boolean;
  readonly isMaintenance?: boolean;
  user?: unknown;
  /** Once they were asked for. */
  userRoles: readonly string[];
  /** `role:<name>`, those that come by other roles included. */
  getUserRoles(): Promise<readonly string[]>;
}

/** A request as Parse Server has made it by the time that its `requestContextMiddleware` runs. */
export interface ParseRequest extends IncomingMessage {
  readonly path: string;
  readonly originalUrl: string;
  readonly ip?: string | undefined;
  readonly body?: unknown;
  readonly userFromJWT?: unknown;
  readonly auth?: ParseAuth;
  readonly info?: Readonly<Record<string, unknown>>;
  /** Made anew for each request. */
  readonly config: ParseServerConfig & ServerUrls;
}

/** A credential that came with a request. */
export interface Presented {
  readonly kind: BearerKind;
  readonly credential: string;
  /** By which scheme of the header Authorization, in lower case; left out: in the header of its kind. */
  readonly scheme?: string | undefined;
}

/** What is known of a request once it is clear that nothing else was sent with it. */
interface BearerRequest extends Presented {
  readonly req: ParseRequest;
  /** What it calls, by names for the usage, as often as it does. */
  readonly calls: readonly string[];
}

/** One kind of credential that is given to programs, and how who sends it becomes a caller. */
export interface BearerKind {
  /** A header of its own, in lower case. */
  readonly header?: string;
  /** Schemes of the header Authorization that it comes by, in lower case. */
  readonly schemes: readonly string[];
  /** Whether a text is of this kind, by its form: what is of none is not the hub’s business. */
  looksLike(text: string): boolean;
  /** Who comes with it. Throws an AppError when it does not work here and now. */
  admit(services: Services, request: BearerRequest): Promise<BearerActor>;
}
