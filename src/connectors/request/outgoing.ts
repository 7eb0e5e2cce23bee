/** A complete request to a service; `authorize` adds the credential. */
export interface Outgoing {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** The server of the connector, if the action names one. */
  readonly server?: string;
  /** How its response is read: see ActionRequest. */
  readonly reads?: 'bytes';
}

/**
 * Returns headers with their names in lower case, without those that are undefined. If two names differ only in case,
 * the last one wins.
 */
export function lowerCaseNames(
  headers: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), value]],
    ),
  );
}

/** Returns the request with more headers; one that it already has is replaced. */
export function withHeaders(
  outgoing: Outgoing,
  headers: Readonly<Record<string, string>>,
): Outgoing {
  return { ...outgoing, headers: { ...outgoing.headers, ...lowerCaseNames(headers) } };
}
