import type { AuditEntry } from './entry.js';

/** The time over which refusals of one stranger, or of all who are nobody, are looked at together. */
const WINDOW_MS = 60_000;
/** Refusals of a window that are entries of their own; the others of that minute are one entry with their number. */
export const RECORDED_MAX = { anonymous: 20, known: 5 } as const;
/** Strangers counted apart; the others count as one. */
const KINDS_MAX = 1_000;
/** Names and addresses of a window that are counted apart. */
const DISTINCT_MAX = 1_000;

/** Refusals of whoever is not inside: everybody can cause as many of them as he likes. */
export interface UnauthenticatedRefusals {
  /** Whether a refusal is told of by itself. If not, it is counted. */
  isRecorded(entry: AuditEntry, now: Date): boolean;
  /** Entries of what was counted in windows that are over, or in all of them. */
  take(now: Date, all?: boolean): readonly FoldedRefusals[];
  /** Whether anything is counted. */
  readonly isWaiting: boolean;
}

/** Refusals that were counted, without a place and a request of their own. */
type FoldedRefusals = Omit<AuditEntry, 'requestId'>;

/** The name under which refusals that were counted are told of. */
export const SEVERAL = '(several)';

interface Window {
  readonly since: Date;
  readonly like: AuditEntry;
  recorded: number;
  folded: number;
  readonly functions: Set<string>;
  readonly addresses: Set<string>;
}

/**
 * Refusals of nobody, of browsers and of keys at the door. What members do, and what is refused to them, is never counted
 * together.
 */
export function isUnauthenticatedRefusal(
  { actor, outcome }: AuditEntry,
  isAtGateway: boolean,
): boolean {
  return outcome === 'refused' && (actor === 'anonymous' || actor === 'browser' || isAtGateway);
}

export function createUnauthenticatedRefusals(): UnauthenticatedRefusals {
  const windows = new Map<string, Window>();
  /** Over, and not taken yet. */
  let closed: Window[] = [];

  function windowOf(entry: AuditEntry, now: Date): Window {
    const own = entry.keyId === undefined ? 'anonymous' : `key ${entry.keyId}`;
    const kind = windows.has(own) || windows.size < KINDS_MAX ? own : 'anonymous';
    const known = windows.get(kind);
    if (known && !isClosed(known, now)) return known;
    if (known) closed.push(known);
    const made = {
      since: now,
      like: kind === own ? entry : { ...entry, ...ANONYMOUS },
      recorded: 0,
      folded: 0,
      functions: new Set<string>(),
      addresses: new Set<string>(),
    };
    windows.set(kind, made);
    return made;
  }

  return {
    get isWaiting() {
      return closed.length > 0 || windows.size > 0;
    },
    isRecorded(entry, now) {
      const window = windowOf(entry, now);
      const max = entry.keyId === undefined ? RECORDED_MAX.anonymous : RECORDED_MAX.known;
      if (window.recorded < max) {
        window.recorded += 1;
        return true;
      }
      window.folded += 1;
      add(window.functions, entry.function);
      add(window.addresses, entry.address ?? '');
      return false;
    },
    take(now, all = false) {
      for (const [kind, window] of windows) {
        if (!all && !isClosed(window, now)) continue;
        windows.delete(kind);
        closed.push(window);
      }
      const taken = closed.filter(({ folded }) => folded > 0);
      closed = [];
      return taken.map(foldedOf);
    },
  };
}

const ANONYMOUS = {
  actor: 'anonymous',
  actorId: undefined,
  keyId: undefined,
  organizationId: undefined,
} as const;

function isClosed({ since }: Window, now: Date): boolean {
  return now.getTime() - since.getTime() >= WINDOW_MS;
}

function add(set: Set<string>, value: string): void {
  if (set.size < DISTINCT_MAX) set.add(value);
}

function foldedOf({ like, since, folded, functions, addresses }: Window): FoldedRefusals {
  const { organizationId, actor, actorId, keyId } = like;
  return {
    organizationId,
    actor,
    actorId,
    keyId,
    function: SEVERAL,
    outcome: 'refused',
    rows: {},
    params: {
      refusals: folded,
      functions: functions.size,
      addresses: addresses.size,
      since: since.toISOString(),
    },
  };
}
