import type { IncomingMessage } from 'node:http';

import type { AdvertisedLimit } from '../apiKeys/index.js';
import type { Services } from '../app/services.js';
import type { AppError, BearerActor } from '../contract/index.js';
import type { CallGate } from '../platform/callGate/index.js';
import type { Log } from '../platform/log.js';
import type { ParseServerConfig, ServerUrls } from '../platform/parse/index.js';
import type { CallerContexts } from './callerContext.js';
import type { ChallengeContext } from './challenge.js';

/** Returns the client's address, which `receive` has set. */
export function addressOf(req: IncomingMessage & { readonly ip?: string | undefined }): string {
  return req.ip ?? '';
}

/** The application of Parse Server, which programs with a key or token of the hub need not know. */
export interface Application {
  readonly id: string;
  /** The key that Parse Server requires of its clients, where the host has set one. */
  readonly clientKey: ClientKey | undefined;
}

export interface ClientKey {
  /** In lower case. */
  readonly header: string;
  readonly key: string;
}

/** What a running hub gives to authentication. */
export interface Gateway {
  readonly services: Services;
  readonly log: Log;
  readonly application: Application;
  /** Whether a cloud function is the hub's, which checks permissions itself. */
  isOwn(functionName: string): boolean;
  /** The permission that a function of the hub needs; `undefined` where it needs none. */
  permissionOf(functionName: string): string | undefined;
  /** What challenges say about authorization. */
  readonly challenges: ChallengeContext;
  /** Whether a cloud function of this name exists, of the hub or of the host. */
  isFunction(functionName: string): boolean;
  readonly callerContexts: CallerContexts;
  readonly gate: CallGate;
  /** Returns an error as Parse Server shows it to the caller. */
  parseError(error: AppError): Error;
}

/** As whom Parse Server runs a request. */
export interface ParseAuth {
  readonly isMaster?: boolean;
  readonly isMaintenance?: boolean;
  user?: unknown;
  /** Filled by `getUserRoles`. */
  userRoles: readonly string[];
  /** Returns `role:<name>` of each role, inherited ones included. */
  getUserRoles(): Promise<readonly string[]>;
}

/** A request as Parse Server has prepared it when its `requestContextMiddleware` runs. */
export interface ParseRequest extends IncomingMessage {
  readonly path: string;
  readonly originalUrl: string;
  readonly ip?: string | undefined;
  readonly body?: unknown;
  readonly query?: unknown;
  readonly userFromJWT?: unknown;
  readonly auth?: ParseAuth;
  readonly info?: Readonly<Record<string, unknown>>;
  /** A new object for each request. */
  readonly config: ParseServerConfig & ServerUrls;
}

/** A credential that came with a request. */
export interface Presented {
  readonly kind: BearerKind;
  readonly credential: string;
  /** The scheme of the header Authorization, in lower case; `undefined` when it came in the header of its kind. */
  readonly scheme?: string | undefined;
}

/** A request that has one credential and no other. */
export interface BearerRequest extends Presented {
  readonly req: ParseRequest;
  /** What it calls, by the names under which usage is counted; once for each call. */
  readonly calls: readonly string[];
  /** Called with the limits of the credential, once the calls are counted. */
  onLimits(limits: readonly AdvertisedLimit[]): void;
}

/** One kind of credential for programs, and how a request that presents it becomes a caller. */
export interface BearerKind {
  /** A header of its own, in lower case. */
  readonly header?: string;
  /** Schemes of the header Authorization under which it comes, in lower case. */
  readonly schemes: readonly string[];
  /** Whether a text has the form of this kind. A text of no kind is not the hub's concern. */
  looksLike(text: string): boolean;
  /** Returns the caller. Throws an AppError when the credential is not valid for this request. */
  admit(services: Services, request: BearerRequest): Promise<BearerActor>;
}
