import type { HttpOutcome } from '../../platform/http/index.js';
import type { Slots } from '../../platform/slots.js';
import { isBrokenOff, isGone } from './settle.js';
import type { ConcurrencyWindow } from './window.js';

/** Each attempt takes one slot of all three. */
interface AttemptLimits {
  /** Requests to this webhook. */
  readonly window: ConcurrencyWindow;
  /** Attempts of this process that are not recorded yet. */
  readonly unsettled: Slots;
  /** Requests of this process, to all webhooks. */
  readonly requests: Slots;
}

/**
 * An attempt. It calls `onRequestEnd` as soon as its request has ended (without outcome when it made none), before it is
 * recorded.
 */
type Attempt = (onRequestEnd: (http?: HttpOutcome) => void) => Promise<void>;

/** The attempts to one webhook that are under way, within the limits of the webhook and of the process. */
export class LaneAttempts {
  readonly #limits: AttemptLimits;
  readonly #failures: unknown[] = [];
  #isGone = false;
  #underway = 0;
  #onIdle: (() => void) | undefined;

  constructor(limits: AttemptLimits) {
    this.#limits = limits;
  }

  /**
   * Starts the attempt as soon as there are slots for it; does not wait for its end. Returns false, without starting it,
   * when an earlier attempt failed, the receiver has responded 410, or `mayStart` returns false by then.
   */
  async start(mayStart: () => boolean, attempt: Attempt): Promise<boolean> {
    const slots = await takeSlots(this.#limits);
    if (this.#isGone || this.#failures.length > 0 || !mayStart()) {
      slots.release();
      return false;
    }
    void this.#run(slots, attempt);
    return true;
  }

  /** Resolves when no attempt is under way; rejects then with the first failure of an attempt. */
  async end(): Promise<void> {
    if (this.#underway > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  async #run(slots: AttemptSlots, attempt: Attempt): Promise<void> {
    this.#underway += 1;
    try {
      await attempt((http) => {
        if (http) this.#learn(http);
        slots.endRequest();
      });
    } catch (error) {
      this.#failures.push(error);
    } finally {
      slots.release();
      this.#underway -= 1;
      if (this.#underway === 0) this.#onIdle?.();
    }
  }

  #learn(http: HttpOutcome): void {
    if (isGone(http)) this.#isGone = true;
    if (!isBrokenOff(http)) {
      this.#limits.window.learn(http.kind === 'failure' && http.reason === 'timeout');
    }
  }
}

/** The slots of one attempt, held until `release`. */
interface AttemptSlots {
  /** Gives back the slots of the request, so that the next one starts while this attempt is recorded. */
  endRequest(): void;
  /** Gives back all that are still held. */
  release(): void;
}

/** Takes the window first: while the webhook is at its limit, its lane occupies nothing that other webhooks could use. */
async function takeSlots({ window, unsettled, requests }: AttemptLimits): Promise<AttemptSlots> {
  await window.take();
  await unsettled.take();
  await requests.take();
  let isRequesting = true;
  function endRequest(): void {
    if (!isRequesting) return;
    isRequesting = false;
    window.release();
    requests.release();
  }
  function release(): void {
    endRequest();
    unsettled.release();
  }
  return { endRequest, release };
}
