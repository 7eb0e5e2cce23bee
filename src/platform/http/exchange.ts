import type { Dispatcher } from 'undici';

import { codeOf, httpErrors } from './errors.js';
import {
  ABORTED,
  explainFailure,
  explainTimeout,
  type FailureExplanation,
  type Phase,
} from './failure.js';
import type { HttpOutcome } from './outcome.js';

export interface ExchangeOptions {
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  readonly signal: AbortSignal | undefined;
  readonly monotonicMs: () => number;
  /** Whether all connections were busy when it was submitted. */
  readonly queued: boolean;
  /** Called once, when the outcome is known. */
  onSettled(): void;
  resolve(outcome: HttpOutcome): void;
  reject(error: unknown): void;
}

/** How much is read past `bodyBytesMax` to keep the connection. A longer body closes it. */
const DROPPED_BYTES_MAX = 65_536;

const NO_BODY = Buffer.alloc(0);

/** One object for all requests: its stack is of no use, and creating one for each costs time. */
const GIVEN_UP = new Error('the request was aborted');

/**
 * One request and its response, as undici reports them. It settles itself, once: undici keeps a request that waits for
 * a connection until there is one, even if its caller gave up long ago.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #startedAtMs: number;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #phase: Phase;
  #status = 0;
  #rawHeaders: readonly Buffer[] = [];
  #body = NO_BODY;
  #bodyBytes = 0;
  #droppedBytes = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#phase = options.queued ? 'queued' : 'connecting';
    this.#startedAtMs = options.monotonicMs();
    this.#timer = setTimeout(Exchange.#expire, options.timeoutMs, this);
    if (options.signal !== undefined) follow(options.signal, this);
  }

  /** Ends the exchange on our side, whatever the receiver is doing. */
  abort(explanation: FailureExplanation = ABORTED): void {
    if (this.#settled) return;
    // The kept part of the body is complete; only the rest of it was still arriving.
    if (this.#droppedBytes > 0) this.#respond();
    else this.#fail(explanation);
    this.#controller?.abort(GIVEN_UP);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown here, undici drops the request and keeps the connection; `abort` would cost the connection.
    if (this.#settled) throw GIVEN_UP;
    this.#controller = controller;
    this.#phase = 'sent';
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#phase = 'receiving';
    this.#status = status;
    this.#rawHeaders = controller.rawHeaders as readonly Buffer[];
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#options.bodyBytesMax - this.#bodyBytes;
    if (chunk.length <= room) {
      this.#keep(chunk);
      return;
    }
    this.#keep(chunk.subarray(0, room));
    this.#droppedBytes += chunk.length - room;
    if (this.#droppedBytes <= DROPPED_BYTES_MAX) return;
    this.#respond();
    controller.abort(GIVEN_UP);
  }

  onResponseEnd(): void {
    this.#respond();
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#settled) return;
    if (this.#droppedBytes > 0) {
      this.#respond();
      return;
    }
    const explanation = explainFailure(error, this.#phase, this.#elapsedMs());
    if (explanation !== undefined) this.#fail(explanation);
    else if (this.#settle()) this.#options.reject(ourFault(error));
  }

  /** Copies, so that a body in many pieces takes no more than twice its length. */
  #keep(chunk: Buffer): void {
    const length = this.#bodyBytes + chunk.length;
    if (length > this.#body.length) {
      const room = Math.min(this.#options.bodyBytesMax, Math.max(length, 2 * this.#body.length));
      const grown = Buffer.allocUnsafe(room);
      this.#body.copy(grown, 0, 0, this.#bodyBytes);
      this.#body = grown;
    }
    chunk.copy(this.#body, this.#bodyBytes);
    this.#bodyBytes = length;
  }

  #respond(): void {
    if (!this.#settle()) return;
    this.#options.resolve({
      kind: 'response',
      status: this.#status,
      headers: readHeaders(this.#rawHeaders),
      body: this.#body.subarray(0, this.#bodyBytes),
      bodyTruncated: this.#droppedBytes > 0,
      durationMs: this.#elapsedMs(),
    });
  }

  #fail({ reason, message }: FailureExplanation): void {
    if (!this.#settle()) return;
    const sent = this.#phase === 'sent' || this.#phase === 'receiving';
    this.#options.resolve({
      kind: 'failure',
      reason,
      message,
      sent,
      durationMs: this.#elapsedMs(),
    });
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    if (this.#options.signal !== undefined) unfollow(this.#options.signal, this);
    this.#options.onSettled();
    return true;
  }

  #elapsedMs(): number {
    return Math.round(this.#options.monotonicMs() - this.#startedAtMs);
  }

  static #expire(this: void, exchange: Exchange): void {
    exchange.abort(explainTimeout(exchange.#phase, exchange.#options.timeoutMs));
  }
}

/** One listener per signal, however many requests follow it: Node warns of a leak from the eleventh. */
const followers = new WeakMap<AbortSignal, Set<Exchange>>();

function follow(signal: AbortSignal, exchange: Exchange): void {
  let exchanges = followers.get(signal);
  if (exchanges === undefined) {
    const all = new Set<Exchange>();
    exchanges = all;
    followers.set(signal, all);
    signal.addEventListener('abort', () => all.forEach((each) => each.abort()), { once: true });
  }
  exchanges.add(exchange);
}

function unfollow(signal: AbortSignal, exchange: Exchange): void {
  followers.get(signal)?.delete(exchange);
}

function readHeaders(raw: readonly Buffer[]): [string, string][] {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    headers.push([raw[i]?.toString('latin1') ?? '', raw[i + 1]?.toString('latin1') ?? '']);
  }
  return headers;
}

/**
 * Returns the error for a fault of the hub. A request that undici rejects is a mistake of the calling code; every other
 * error is for the operator.
 */
function ourFault(error: Error): Error {
  const code = codeOf(error);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return new TypeError(`The request cannot be sent: ${error.message}.`, { cause: error });
  }
  return httpErrors.EgressUnavailable({}, { cause: error });
}
