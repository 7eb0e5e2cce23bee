import { createHash } from 'node:crypto';

import aws4 from 'aws4';

import type { Outgoing } from './outgoing.js';

export interface AwsSigning {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For temporary credentials. */
  readonly sessionToken?: string | undefined;
  readonly now: Date;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function signAws(outgoing: Outgoing, signing: AwsSigning): Outgoing {
  const { service, region, accessKeyId, secretAccessKey, sessionToken, now } = signing;
  const { method, headers, body } = outgoing;
  const url = withPercentSpaces(outgoing.url);
  const signed = aws4.sign(
    {
      service,
      region,
      method,
      host: url.host,
      path: `${url.pathname}${url.search}`,
      headers: {
        ...headers,
        // 20260102T030405Z
        'x-amz-date': now.toISOString().replace(/[:-]|\.\d{3}/g, ''),
        'x-amz-content-sha256': createHash('sha256')
          .update(body ?? '')
          .digest('hex'),
      },
      ...(body && { body }),
    },
    { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  );
  return { ...outgoing, url, headers: withoutHost(signed.headers ?? {}) };
}

/** Spaces are signed as `%20` and must be sent as that; URLSearchParams writes them as `+`, and a plus as `%2B`. */
function withPercentSpaces(given: URL): URL {
  const url = new URL(given);
  url.search = url.search.replaceAll('+', '%20');
  return url;
}

/** Omits `host` and `content-length`, which the HTTP client sends itself, with the same values. */
function withoutHost(headers: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const lower = name.toLowerCase();
      return lower === 'host' || lower === 'content-length' ? [] : [[lower, String(value)]];
    }),
  );
}
