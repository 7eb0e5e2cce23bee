/** Which organization's job runs next, in a number of slots that all organizations share. */
export interface TurnLimits {
  /** Jobs that run at once. */
  readonly slots: number;
  /** Jobs of one organization that may wait. */
  readonly waitingMax: number;
  /** The time in a slot that an organization may use at once, after it has used none for a while. */
  readonly burstMs: number;
  /** The time in a slot that an organization gets for each second. With jobs that are not
   * short, it is a heavy user, whose turns come behind those of all others, while
   * it has less than half of `burstMs`. */
  readonly creditMsPerSecond: number;
}

/** Jobs that are worth waiting for: an organization with many of them is no heavy user. */
const SHORT_MS = 150;

interface Queue<Job> {
  readonly waiting: Job[];
  running: number;
  /** The number of its last turn. */
  lastTurn: number;
  /** What its jobs take, the latest most of all. */
  averageMs: number;
  creditMs: number;
  creditAtMs: number;
}

interface Turn<Job> {
  readonly organizationId: string;
  readonly job: Job;
}

/**
 * Gives turns round robin, one job for each organization that waits. With two or more slots, no organization has all of them, and
 * neither have all heavy users together: an organization that uses little finds a slot, or waits for one job at most. Pure: it is told the time, in milliseconds.
 */
export class Turns<Job> {
  readonly #limits: TurnLimits;
  readonly #queues = new Map<string, Queue<Job>>();
  /** Places that one organization may have, and heavy users together. */
  readonly #shareMax: number;
  #turns = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
    this.#shareMax = Math.max(1, limits.slots - 1);
  }

  /** Returns false when as many jobs of the organization wait already as may. */
  offer(organizationId: string, job: Job, nowMs: number): boolean {
    const queue = this.#queues.get(organizationId) ?? this.#open(organizationId, nowMs);
    if (queue.waiting.length >= this.#limits.waitingMax) return false;
    queue.waiting.push(job);
    return true;
  }

  /** Removes a job that has waited too long. Returns false when it does not wait. */
  withdraw(organizationId: string, job: Job): boolean {
    const waiting = this.#queues.get(organizationId)?.waiting ?? [];
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    return at >= 0;
  }

  /** Returns the job that runs next; `undefined` when none may. `done` must follow. */
  take(nowMs: number): Turn<Job> | undefined {
    const all = [...this.#queues];
    for (const [, queue] of all) this.#refill(queue, nowMs);
    const running = all.map(([, queue]) => queue.running);
    if (sum(running) >= this.#limits.slots) return undefined;
    const ready = all.filter(
      ([, queue]) => queue.waiting.length > 0 && queue.running < this.#shareMax,
    );
    const isHeavy = ({ creditMs, averageMs }: Queue<Job>) =>
      creditMs < this.#limits.burstMs / 2 && averageMs > SHORT_MS;
    const heavy = all.filter(([, queue]) => isHeavy(queue));
    const heavyRunning = heavy.filter(([, queue]) => queue.running > 0);
    const mayBeHeavy = sum(heavyRunning.map(([, queue]) => queue.running)) < this.#shareMax;
    const longestMs = Math.max(0, ...heavyRunning.map(([, queue]) => queue.averageMs));
    // The last slot is also for those who use it far more briefly than the heavy users that run.
    const mayRun = (queue: Queue<Job>) =>
      mayBeHeavy || !isHeavy(queue) || queue.averageMs < longestMs / 2;
    const [next] = ready
      .filter(([, queue]) => mayRun(queue))
      .sort(([, a], [, b]) => Number(isHeavy(a)) - Number(isHeavy(b)) || a.lastTurn - b.lastTurn);
    if (!next) return undefined;
    const [organizationId, queue] = next;
    const [job] = queue.waiting.splice(0, 1) as [Job];
    queue.running += 1;
    queue.lastTurn = this.#turns += 1;
    return { organizationId, job };
  }

  /** Ends a turn that took so long. */
  done(organizationId: string, tookMs: number, nowMs: number): void {
    const queue = this.#queues.get(organizationId);
    if (!queue) return;
    this.#refill(queue, nowMs);
    queue.running -= 1;
    queue.creditMs -= tookMs;
    queue.averageMs += (tookMs - queue.averageMs) / 4;
    this.#forgetIdle();
  }

  #open(organizationId: string, nowMs: number): Queue<Job> {
    const queue = {
      waiting: [],
      running: 0,
      lastTurn: 0,
      averageMs: 0,
      creditMs: this.#limits.burstMs,
      creditAtMs: nowMs,
    };
    this.#queues.set(organizationId, queue);
    return queue;
  }

  #refill(queue: Queue<Job>, nowMs: number): void {
    const { burstMs, creditMsPerSecond } = this.#limits;
    const gainedMs = ((nowMs - queue.creditAtMs) / 1_000) * creditMsPerSecond;
    queue.creditMs = Math.min(burstMs, queue.creditMs + gainedMs);
    queue.creditAtMs = nowMs;
  }

  /** An organization with all its credit is the same as one that was never here. */
  #forgetIdle(): void {
    for (const [organizationId, { waiting, running, creditMs }] of this.#queues) {
      const isIdle = waiting.length === 0 && running === 0;
      if (isIdle && creditMs >= this.#limits.burstMs) this.#queues.delete(organizationId);
    }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
