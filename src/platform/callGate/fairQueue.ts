/** How many may be in flight and wait at once: in all, of one group, of one member of a group. */
export interface FairQueueLimits {
  readonly inFlightMax: number;
  readonly inFlightPerGroupMax: number;
  readonly inFlightPerMemberMax: number;
  readonly waitingMax: number;
  readonly waitingPerGroupMax: number;
  readonly waitingPerMemberMax: number;
  /** How long one waits for its turn before it is refused. */
  readonly waitMs: number;
}

/** On whose account something runs. */
export interface Member {
  readonly group: string;
  readonly member: string;
}

/** There was no turn in time, or too many are waiting. */
export class NoTurn extends Error {
  constructor(
    /** When to try again: an estimate from the length of the queue, never longer than `waitMs`. */
    readonly retryAfterMs: number,
  ) {
    super('There was no turn in time.');
  }
}

interface Waiting {
  readonly account: Account;
  readonly untilMs: number;
  start(): void;
  refuse(reason: NoTurn): void;
}

interface Account {
  readonly group: Group;
  readonly name: string;
  inFlight: number;
  /** In the order of arrival. */
  readonly waiting: Set<Waiting>;
}

interface Group {
  readonly name: string;
  inFlight: number;
  waiting: number;
  readonly accounts: Map<string, Account>;
  /** The accounts with something that waits; the next in turn is the first. */
  readonly turns: Map<string, Account>;
}

const FIRST_MS = 1_000;
/** How long a group counts as active after it has entered. */
const ACTIVE_MS = 2_000;
/** The weight of one duration in the mean of all. */
const NEWEST = 1 / 16;

/**
 * A bounded number at once, the rest in turns: groups take turns, and within a group its members. A group that has a
 * thousand waiting delays another by the one that ends next, not by its thousand. It has no timer: call `expire`.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  readonly #groups = new Map<string, Group>();
  /** The groups with something that waits; the next in turn is the first. */
  readonly #turns = new Map<string, Group>();
  /** In the order of arrival, which is that of `untilMs`. */
  readonly #waiting = new Set<Waiting>();
  /** When each group entered last; the one that entered longest ago is the first. */
  readonly #enteredAtMs = new Map<string, number>();
  #inFlight = 0;
  #meanMs = 50;

  /** `share` returns the part of `inFlightPerGroupMax` that a group has while others have been active within two seconds. */
  constructor(
    limits: FairQueueLimits,
    private readonly nowMs: () => number,
    private readonly share: () => number,
  ) {
    this.#limits = limits;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** The number of groups with something in flight or waiting. */
  get groups(): number {
    return this.#groups.size;
  }

  /** Resolves when it is the member's turn, with the function that ends it. Rejects with NoTurn. */
  enter({ group: groupName, member }: Member): Promise<() => void> {
    const account = this.#accountOf(groupName, member);
    this.#noteActive(groupName);
    // What waits is held back by a limit of its own, else it would be in flight: this one may overtake it.
    if (account.waiting.size === 0 && this.#isFree(account))
      return Promise.resolve(this.#start(account));
    if (this.#isFull(account)) {
      this.#forget(account);
      return Promise.reject(this.#noTurn(account.group));
    }
    return new Promise((resolve, reject) => {
      this.#wait({
        account,
        untilMs: this.nowMs() + this.#limits.waitMs,
        start: () => {
          resolve(this.#start(account));
        },
        refuse: reject,
      });
    });
  }

  /** Refuses what has waited for too long. */
  expire(): void {
    const nowMs = this.nowMs();
    for (const one of this.#waiting) {
      if (one.untilMs > nowMs) return;
      const { account } = one;
      this.#leave(one);
      one.refuse(this.#noTurn(account.group));
      this.#forget(account);
    }
  }

  #accountOf(groupName: string, name: string): Account {
    let group = this.#groups.get(groupName);
    if (!group) {
      group = {
        name: groupName,
        inFlight: 0,
        waiting: 0,
        accounts: new Map(),
        turns: new Map(),
      };
      this.#groups.set(groupName, group);
    }
    let account = group.accounts.get(name);
    if (!account) {
      account = { group, name, inFlight: 0, waiting: new Set() };
      group.accounts.set(name, account);
    }
    return account;
  }

  #noteActive(groupName: string): void {
    this.#enteredAtMs.delete(groupName);
    this.#enteredAtMs.set(groupName, this.nowMs());
  }

  #isShared(): boolean {
    const sinceMs = this.nowMs() - ACTIVE_MS;
    for (const [name, atMs] of this.#enteredAtMs) {
      if (atMs > sinceMs) break;
      this.#enteredAtMs.delete(name);
    }
    return this.#enteredAtMs.size > 1;
  }

  #isFree({ group, inFlight }: Account): boolean {
    const { inFlightMax, inFlightPerGroupMax, inFlightPerMemberMax } = this.#limits;
    const perGroupMax = Math.ceil(inFlightPerGroupMax * (this.#isShared() ? this.share() : 1));
    return (
      this.#inFlight < inFlightMax &&
      group.inFlight < perGroupMax &&
      inFlight < inFlightPerMemberMax
    );
  }

  #isFull({ group, waiting }: Account): boolean {
    const { waitingMax, waitingPerGroupMax, waitingPerMemberMax } = this.#limits;
    return (
      this.#waiting.size >= waitingMax ||
      group.waiting >= waitingPerGroupMax ||
      waiting.size >= waitingPerMemberMax
    );
  }

  #noTurn({ waiting }: Group): NoTurn {
    const { waitMs, inFlightPerGroupMax } = this.#limits;
    const expectedMs = (waiting * this.#meanMs) / inFlightPerGroupMax;
    return new NoTurn(Math.min(Math.max(expectedMs, FIRST_MS), waitMs));
  }

  #start(account: Account): () => void {
    const startedAtMs = this.nowMs();
    let isOver = false;
    this.#inFlight += 1;
    account.group.inFlight += 1;
    account.inFlight += 1;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#inFlight -= 1;
      account.group.inFlight -= 1;
      account.inFlight -= 1;
      this.#meanMs += (this.nowMs() - startedAtMs - this.#meanMs) * NEWEST;
      this.#forget(account);
      this.#giveTurns();
    };
  }

  #wait(one: Waiting): void {
    const { account } = one;
    const { group } = account;
    this.#waiting.add(one);
    account.waiting.add(one);
    group.waiting += 1;
    if (!group.turns.has(account.name)) group.turns.set(account.name, account);
    if (!this.#turns.has(group.name)) this.#turns.set(group.name, group);
  }

  #leave(one: Waiting): void {
    const { account } = one;
    const { group } = account;
    this.#waiting.delete(one);
    account.waiting.delete(one);
    group.waiting -= 1;
    if (account.waiting.size === 0) group.turns.delete(account.name);
    if (group.waiting === 0) this.#turns.delete(group.name);
  }

  #giveTurns(): void {
    for (let one = this.#next(); one; one = this.#next()) {
      this.#leave(one);
      moveToEnd(one.account.group.turns, one.account.name);
      moveToEnd(this.#turns, one.account.group.name);
      one.start();
    }
  }

  /** Returns whose turn it is. Few groups are held back by their limits, so that few are passed over. */
  #next(): Waiting | undefined {
    if (this.#inFlight >= this.#limits.inFlightMax) return undefined;
    for (const { turns } of this.#turns.values()) {
      for (const account of turns.values()) {
        if (!this.#isFree(account)) continue;
        const [first] = account.waiting;
        return first;
      }
    }
    return undefined;
  }

  #forget({ group, name, inFlight, waiting }: Account): void {
    if (inFlight === 0 && waiting.size === 0) group.accounts.delete(name);
    if (group.accounts.size === 0) this.#groups.delete(group.name);
  }
}

function moveToEnd<Value>(turns: Map<string, Value>, name: string): void {
  const value = turns.get(name);
  if (value === undefined) return;
  turns.delete(name);
  turns.set(name, value);
}
