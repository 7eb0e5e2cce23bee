import { parseServerInternals } from './internals.js';
import type { ParseServerConfig } from './sdk.js';

/**
 * Handlers that the hub registered. Parse Server keeps what is registered for an application as long as the process
 * lives: a server that is started again, as in a host's tests, finds those of the previous hub, which may be replaced.
 */
const ours = new WeakSet<object>();

/** Remembers a handler as the hub's own, and returns it. */
export function ownHandler<Handler extends object>(handler: Handler): Handler {
  ours.add(handler);
  return handler;
}

/** Returns whether the application has a cloud function of this name that is not the hub's. */
export function isFunctionTaken(config: ParseServerConfig, name: string): boolean {
  return isTheirs(registeredFunction(config, name));
}

/** Returns whether the application has a cloud function of this name, the hub's or its own. */
export function hasFunction(config: ParseServerConfig, name: string): boolean {
  return registeredFunction(config, name) !== undefined;
}

/** Returns whether the application has a job of this name, the hub's or its own. */
export function hasJob(config: ParseServerConfig, name: string): boolean {
  return registeredJob(config, name) !== undefined;
}

/** Returns whether the application has a job of this name that is not the hub's. */
export function isJobTaken(config: ParseServerConfig, name: string): boolean {
  return isTheirs(registeredJob(config, name));
}

function registeredFunction(config: ParseServerConfig, name: string): unknown {
  return parseServerInternals(config).triggers.getFunction(name, config.appId);
}

function registeredJob(config: ParseServerConfig, name: string): unknown {
  return parseServerInternals(config).triggers.getJob(name, config.appId);
}

function isTheirs(handler: unknown): boolean {
  return handler !== undefined && !ours.has(handler as object);
}
