import triggers from 'parse-server/lib/triggers.js';

import type { ParseServerConfig } from './sdk.js';

/**
 * Handlers that the hub registered. Parse Server keeps what is registered for an application as long as the process lives:
 * a server that is started again, as a host's tests do, finds those of the hub before, which are nobody's loss.
 */
const ours = new WeakSet<object>();

/** Remembers a handler as the hub's own, and answers it. */
export function ownHandler<Handler extends object>(handler: Handler): Handler {
  ours.add(handler);
  return handler;
}

/** Whether the application has a cloud function of this name that is not the hub's. */
export function isFunctionTaken({ appId }: ParseServerConfig, name: string): boolean {
  return isTheirs(triggers.getFunction(name, appId));
}

/** Whether the application has a cloud function of this name, whoever's. */
export function hasFunction({ appId }: ParseServerConfig, name: string): boolean {
  return triggers.getFunction(name, appId) !== undefined;
}

/** Whether the application has a job of this name, whoever's. */
export function hasJob({ appId }: ParseServerConfig, name: string): boolean {
  return triggers.getJob(name, appId) !== undefined;
}

/** Whether the application has a job of this name that is not the hub's. */
export function isJobTaken({ appId }: ParseServerConfig, name: string): boolean {
  return isTheirs(triggers.getJob(name, appId));
}

function isTheirs(handler: unknown): boolean {
  return handler !== undefined && !ours.has(handler as object);
}
