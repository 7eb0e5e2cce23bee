type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export interface HttpRequest {
  readonly url: string;
  /** Default POST. */
  readonly method?: HttpMethod;
  /** See `isForbiddenHeader` for those that the caller cannot set. Each name once, whatever its case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** From the call to the last byte of the response, including the wait for a free connection. Default 15 000. */
  readonly timeoutMs?: number;
  /** How much of the response body is kept. Default 64 KiB. */
  readonly bodyBytesMax?: number;
  /** Ends the request early; the outcome is then a failure with reason `aborted`. One signal may end many requests. */
  readonly signal?: AbortSignal;
}

/** The result of a request. A redirect is a response like any other: it is not followed. */
export type HttpOutcome = HttpResponse | HttpFailure;

export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  /** As received, in order, with repetitions; at most 16 KiB together. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As received: nothing is decompressed or decoded. */
  readonly body: Buffer;
  /** Whether the receiver sent more than `bodyBytesMax`; the rest is discarded. */
  readonly bodyTruncated: boolean;
  readonly durationMs: number;
}

/**
 * `blocked`: the guard refused the target, or what its name resolves to now. `dns`: the name does not resolve, or no
 * DNS server responded. `refused`: nothing listens there, or there is no route to it. `tls`: no trusted connection.
 * `reset`: the connection ended before the response did. `protocol`: the response is not HTTP/1.1, or its headers are
 * over 16 KiB. `timeout`: it took longer than `timeoutMs`. `aborted`: the hub gave up.
 */
export type FailureReason =
  'timeout' | 'dns' | 'refused' | 'tls' | 'reset' | 'blocked' | 'protocol' | 'aborted';

interface HttpFailure {
  readonly kind: 'failure';
  readonly reason: FailureReason;
  /** For the owner of the target; names no address of our network. */
  readonly message: string;
  /** Whether the receiver may have seen the request. `false`: repeating it cannot do anything twice. */
  readonly sent: boolean;
  readonly durationMs: number;
}

/** Returns the first value of a header. Names are compared without regard to case (RFC 9110 §5.1). */
export function headerValue(headers: HttpResponse['headers'], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}
