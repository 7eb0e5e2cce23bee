import type { IncomingMessage } from 'node:http';

import { clientAddress, type TrustProxy } from './clientAddress.js';

/** A request, within Express or not. */
type Request = IncomingMessage & {
  readonly ip?: string | undefined;
  readonly app?: { get(setting: string): unknown };
};

/**
 * Sets `req.ip` to the client's address for everything that reads it from here on: limits, allow-lists, the audit log, Parse
 * Server. Without `trust`, the host's Express setting `trust proxy` decides which proxies are trusted.
 */
export function giveAddress(req: IncomingMessage, trust: TrustProxy | undefined): void {
  const { app } = req as Request;
  const hosts = app?.get('trust proxy fn') as TrustProxy | undefined;
  const value = clientAddress(req, trust ?? hosts ?? (() => false));
  Object.defineProperty(req, 'ip', { value, configurable: true, enumerable: true, writable: true });
}
