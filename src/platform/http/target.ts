import { isIP } from 'node:net';

import { parseUrl } from '../../contract/index.js';
import { judgeAddress } from './address.js';
import { type AllowList, allowsAddress, allowsName, isHostName } from './allowList.js';
import { httpErrors } from './errors.js';
import { isUnknownHost, type Lookup, type ResolvedAddress } from './lookup.js';

/** Where requests may go. One policy applies to the whole process. */
export interface TargetPolicy {
  /** Whether http:// is allowed for every target. For targets on the allow-list it always is. */
  readonly allowHttp: boolean;
  readonly allowed: AllowList;
}

/** Why a URL is refused, or the URL with the guard's reading of it. */
export type TargetReading =
  | { readonly problem: string }
  | { readonly problem?: undefined; readonly url: URL; readonly hostname: string };

export const URL_LENGTH_MAX = 2048;

// Names that mean something only on one machine or network, so that resolving them queries our network and not the
// internet: RFC 6761 (localhost), RFC 6762 (local), RFC 8375 (home.arpa), RFC 7686 (onion), and internal, which ICANN
// reserved:
// https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en
const PRIVATE_SUFFIXES = [
  '.localhost',
  '.local',
  '.localdomain',
  '.internal',
  '.home.arpa',
  '.onion',
];

const HOW_TO_ALLOW =
  'Use a host that is reachable from the internet, or ask the operator to add it to HUB_ALLOWED_TARGETS (the option allowedTargets).';

/** Judges a URL by its text alone, without DNS. Pure. */
export function readTarget(text: string, policy: TargetPolicy): TargetReading {
  const malformed = problemWithText(text);
  if (malformed !== undefined) return { problem: malformed };
  const url = parseUrl(text);
  if (url === undefined) return { problem: 'The URL cannot be read: check its host and port.' };
  const { hostname: host } = url;
  const hostname = host.startsWith('[') ? host.slice(1, -1) : host;
  const problem = problemWithParts(url) ?? problemWithHost(url, hostname, policy);
  return problem === undefined ? { url, hostname } : { problem };
}

/**
 * Checks the URL of a webhook or an integration. Store `href` of the returned URL: it is the form that was checked.
 * Does not resolve the name: `checkResolvable` does so when a target is saved, the HTTP client on each connection.
 * @throws TargetNotAllowed with a sentence for the person who typed the URL.
 */
export function checkTarget(text: string, policy: TargetPolicy): URL {
  const target = readTarget(text, policy);
  if (target.problem !== undefined) throw httpErrors.TargetNotAllowed({ problem: target.problem });
  return target.url;
}

/**
 * Checks as `checkTarget` does, and that the name resolves to allowed addresses only. For when a target is saved,
 * because then a person reads the error. It guards no later request, as DNS may change.
 * @throws TargetNotAllowed, TargetNotFound, TargetLookupFailed
 */
export async function checkResolvable(
  text: string,
  policy: TargetPolicy,
  lookup: Lookup,
): Promise<URL> {
  const url = checkTarget(text, policy);
  const host = url.hostname;
  if (isLiteral(host)) return url;
  let addresses: readonly ResolvedAddress[];
  try {
    addresses = await lookup(host);
  } catch (cause) {
    const raise = isUnknownHost(cause) ? httpErrors.TargetNotFound : httpErrors.TargetLookupFailed;
    throw raise({ host }, { cause });
  }
  if (addresses.length === 0) throw httpErrors.TargetNotFound({ host });
  const forbidden = forbiddenAddress(host, addresses, policy);
  if (forbidden !== undefined) {
    throw httpErrors.TargetNotAllowed(
      { problem: resolvesToForbidden(host) },
      { detail: { host, address: forbidden } },
    );
  }
  return url;
}

/**
 * Returns the first address of a host that the policy forbids. One is enough to refuse the host: the owner of the name
 * chooses which of its addresses is tried first.
 */
export function forbiddenAddress(
  hostname: string,
  addresses: readonly ResolvedAddress[],
  policy: TargetPolicy,
): string | undefined {
  if (allowsName(policy.allowed, hostname)) return undefined;
  return addresses.find(({ address }) => !isAddressAllowed(address, policy))?.address;
}

export function isAddressAllowed(address: string, policy: TargetPolicy): boolean {
  return judgeAddress(address).routable || allowsAddress(policy.allowed, address);
}

/** Does not name the address: the guard would otherwise be a map of our network. */
export function resolvesToForbidden(host: string): string {
  return `The host ${host} resolves to a private or reserved address. ${HOW_TO_ALLOW}`;
}

/** Refuses what a URL parser would silently repair or drop, so that what is stored is what was meant. */
function problemWithText(text: string): string | undefined {
  if (text.length > URL_LENGTH_MAX) return `The URL is longer than ${URL_LENGTH_MAX} characters.`;
  // Tabs and line breaks too: the URL Standard removes them silently.
  if (/[\u0000-\u0020\u007f\\]/.test(text)) {
    return 'The URL contains a space, a backslash or a control character. Remove it or percent-encode it.';
  }
  if (!/^https?:\/\/[^/?#]/i.test(text)) {
    return 'The URL must begin with https:// and a host name, such as https://example.com/webhook.';
  }
  return undefined;
}

function problemWithParts(url: URL): string | undefined {
  if (url.href.length > URL_LENGTH_MAX) {
    return `The URL is longer than ${URL_LENGTH_MAX} characters when it is percent-encoded.`;
  }
  if (url.username !== '' || url.password !== '') {
    return 'The URL must not contain a user name or password. Send credentials in a header.';
  }
  if (url.hash !== '') {
    return 'The URL must not contain a fragment (#): it is never sent. Remove it.';
  }
  if (url.port === '0')
    return 'The URL must not name port 0. Omit the port, or use one from 1 to 65535.';
  return undefined;
}

function problemWithHost(
  url: URL,
  hostname: string,
  { allowHttp, allowed }: TargetPolicy,
): string | undefined {
  const literal = isIP(hostname) !== 0;
  const listed = literal ? allowsAddress(allowed, hostname) : allowsName(allowed, hostname);
  if (url.protocol === 'http:' && !allowHttp && !listed) {
    return `The URL must begin with https://. To call ${hostname} by http://, add it to HUB_ALLOWED_TARGETS (the option allowedTargets).`;
  }
  if (listed) return undefined;
  if (literal) {
    return judgeAddress(hostname).routable
      ? undefined
      : `The host is a private or reserved address. ${HOW_TO_ALLOW}`;
  }
  if (hostname.endsWith('.')) return 'Remove the dot at the end of the host name.';
  if (!isHostName(hostname)) return 'The URL does not contain a valid host name.';
  if (!hostname.includes('.') || PRIVATE_SUFFIXES.some((suffix) => hostname.endsWith(suffix))) {
    return `The host ${hostname} is a name on a private network. ${HOW_TO_ALLOW}`;
  }
  return undefined;
}

function isLiteral(host: string): boolean {
  return host.startsWith('[') || isIP(host) !== 0;
}
