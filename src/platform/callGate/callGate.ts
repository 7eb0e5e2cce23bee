import { AsyncLocalStorage } from 'node:async_hooks';

import { commonErrors, type FunctionCost } from '../../contract/index.js';
import type { Clock } from '../clock.js';
import { waitSeconds } from '../http/retryAfter.js';
import { FairQueue, type FairQueueLimits, type Member, NoTurn } from './fairQueue.js';
import { createLoopShare } from './loopShare.js';

/** How many calls of one cost run at once. */
interface InFlightLimits {
  readonly inFlightMax: number;
  readonly inFlightPerOrganizationMax: number;
  readonly inFlightPerCallerMax: number;
}

export interface CallGateOptions extends Readonly<Record<FunctionCost, InFlightLimits>> {
  /** How many calls wait at once, of each cost. */
  readonly waitingMax: number;
  readonly waitingPerOrganizationMax: number;
  readonly waitingPerCallerMax: number;
  /** How long a call waits for its turn. */
  readonly waitMs: number;
}

/** On whose account a call runs. */
interface CallAccount {
  readonly organizationId: string | undefined;
  readonly caller: string;
}

/**
 * The gate before the functions of this process: a bounded number of calls in flight, the others in turns between
 * organizations, and between the callers of one. A call within another one, such as that of a host's cloud code, passes:
 * it could otherwise wait for itself.
 */
export interface CallGate {
  /** Does the database work that finds out who the caller of a request is, in turns between credentials. Throws TooManyCalls. */
  identify<Result>(credential: string, work: () => Promise<Result>): Promise<Result>;
  /** Decompresses and measures a body, few at once, in turns between addresses. Throws TooManyCalls. */
  inflate<Result>(address: string, work: () => Promise<Result>): Promise<Result>;
  /** Does the database work that finds out to which organization a call belongs, in turns between callers. Throws TooManyCalls. */
  lookUp<Result>(caller: string, work: () => Promise<Result>): Promise<Result>;
  /** Does the work of a call when its turn comes. Throws TooManyCalls. */
  run<Result>(
    cost: FunctionCost,
    account: CallAccount,
    work: () => Promise<Result>,
  ): Promise<Result>;
  /** Does work that never waits, and neither does a call within it. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** They take some milliseconds, and those under way at once share statements. */
const LOOKUPS_PER_CALLER_MAX = 32;
/** Each may take 20 MiB. */
const INFLATIONS = { inFlightMax: 4, inFlightPerOrganizationMax: 2, inFlightPerCallerMax: 2 };
const EXPIRE_EVERY_MS = 250;
const within = new AsyncLocalStorage<true>();

export function createCallGate(
  options: CallGateOptions,
  clock: Pick<Clock, 'monotonicMs'>,
): CallGate {
  const nowMs = () => clock.monotonicMs();
  const loopShare = createLoopShare(nowMs);
  const make = (limits: InFlightLimits, share = () => 1) =>
    new FairQueue(queueLimits(limits, options), nowMs, share);
  const { ordinary } = options;
  const queues = {
    ordinary: make(ordinary, loopShare),
    costly: make(options.costly),
    outgoing: make(options.outgoing),
  };
  const lookupLimits = {
    inFlightMax: ordinary.inFlightMax,
    inFlightPerOrganizationMax: LOOKUPS_PER_CALLER_MAX,
    inFlightPerCallerMax: LOOKUPS_PER_CALLER_MAX,
  };
  // Two queues, because each names the caller in its own way: in one, every caller would be two that share.
  const identities = make(lookupLimits, loopShare);
  const lookups = make(lookupLimits, loopShare);
  const inflations = make(INFLATIONS);
  const all = [...Object.values(queues), identities, lookups, inflations];
  let timer: NodeJS.Timeout | undefined;

  /** Runs while something waits. */
  function watch(): void {
    timer ??= setInterval(() => {
      for (const queue of all) queue.expire();
      if (all.some(({ waiting }) => waiting > 0)) return;
      clearInterval(timer);
      timer = undefined;
    }, EXPIRE_EVERY_MS).unref();
  }

  async function inTurn<Result>(
    queue: FairQueue,
    member: Member,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const entering = queue.enter(member);
    if (queue.waiting > 0) watch();
    const end = await entering.catch(refuse);
    try {
      return await work();
    } finally {
      end();
    }
  }

  return {
    identify: (credential, work) =>
      inTurn(identities, { group: credential, member: credential }, work),
    inflate: (address, work) => inTurn(inflations, { group: address, member: address }, work),
    lookUp: (caller, work) =>
      within.getStore() ? work() : inTurn(lookups, { group: caller, member: caller }, work),
    run(cost, { organizationId, caller }, work) {
      if (within.getStore()) return work();
      const group = organizationId ?? caller;
      return within.run(true, () => inTurn(queues[cost], { group, member: caller }, work));
    },
    pass: (work) => within.run(true, work),
  };
}

function refuse(reason: unknown): never {
  if (!(reason instanceof NoTurn)) throw reason;
  const seconds = waitSeconds(reason.retryAfterMs);
  throw commonErrors.TooManyCalls({ seconds }, { detail: { retryAfterSeconds: seconds } });
}

function queueLimits(
  { inFlightMax, inFlightPerOrganizationMax, inFlightPerCallerMax }: InFlightLimits,
  { waitingMax, waitingPerOrganizationMax, waitingPerCallerMax, waitMs }: CallGateOptions,
): FairQueueLimits {
  return {
    inFlightMax,
    inFlightPerGroupMax: inFlightPerOrganizationMax,
    inFlightPerMemberMax: inFlightPerCallerMax,
    waitingMax,
    waitingPerGroupMax: waitingPerOrganizationMax,
    waitingPerMemberMax: waitingPerCallerMax,
    waitMs,
  };
}
