import type { IncomingMessage } from 'node:http';

import proxyAddr from 'proxy-addr';

import { readAddress } from './address.js';

/**
 * Which proxies are trusted to report a client's address, as Express's `trust proxy`: the number of hops, `true` for all, or
 * addresses, CIDR ranges and `loopback`, `linklocal`, `uniquelocal`, as a list or separated by commas.
 * https://expressjs.com/en/guide/behind-proxies.html
 */
export type TrustedProxies = boolean | number | string | readonly string[];

/** Whether the sender of a request, or a proxy before it, is trusted; `hop` 0 is the connection itself. */
export type TrustProxy = (address: string, hop: number) => boolean;

/** Returns a function that decides whom to trust. Throws a TypeError for a text that is no address and no range. */
export function trustOf(proxies: TrustedProxies): TrustProxy {
  if (typeof proxies === 'boolean') return () => proxies;
  if (typeof proxies === 'number') return (_address, hop) => hop < proxies;
  const ranges = typeof proxies === 'string' ? proxies.split(',') : [...proxies];
  const named = ranges.map((range) => range.trim()).filter(Boolean);
  return named.length === 0 ? () => false : proxyAddr.compile(named);
}

/** The used part of a request of Node, or of one that Express has prepared. */
export type AddressedRequest = Pick<IncomingMessage, 'headers'> & {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
};

/**
 * Returns the client's address: that of the connection, or the one that trusted proxies report in `X-Forwarded-For`. What an
 * untrusted sender wrote never counts. A proxy's port is dropped (`10.1.2.3:5555`, as Azure sends), and so are quotes and
 * brackets; where a trusted proxy reports no address, the proxy's own is returned. `undefined` when the connection is closed.
 */
export function clientAddress(
  { headers, socket }: AddressedRequest,
  trust: TrustProxy,
): string | undefined {
  const peer = addressIn(socket.remoteAddress ?? '');
  const reported = [headers['x-forwarded-for'] ?? []].flat().join(',');
  const forwarded = reported.split(',').map((entry) => addressIn(entry) ?? UNKNOWN);
  // proxy-addr reads an address from the header up to a comma: only what was read is handed to it.
  const read = {
    headers: { 'x-forwarded-for': reported.trim() === '' ? undefined : forwarded.join(',') },
    socket: { remoteAddress: peer },
    connection: { remoteAddress: peer },
  };
  if (peer === undefined) return undefined;
  return proxyAddr.all(read as never, trust).findLast((address) => address !== UNKNOWN) ?? peer;
}

/** What a proxy writes for a client that it does not know: https://www.rfc-editor.org/rfc/rfc7239#section-6.2 */
const UNKNOWN = 'unknown';

/** Returns the address in an entry of `X-Forwarded-For`, in its standard form; `undefined` when there is none. */
function addressIn(entry: string): string | undefined {
  const text = entry
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text) ?? [];
  const [, dotted] = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text) ?? [];
  const address = (bracketed ?? dotted ?? text).replace(/%[\w.-]+$/, '');
  return readAddress(address) ? address : undefined;
}
