import type { AuditEntry } from './entry.js';

/** The window in which the refusals of one key, or of all anonymous callers, are counted together. */
const WINDOW_MS = 60_000;
/** The number of refusals of a window that get an entry each; the others of that minute are one entry with their number. */
export const RECORDED_MAX = { anonymous: 20, known: 5 } as const;
/** The maximum of keys counted separately; further ones are counted together. */
const KINDS_MAX = 1_000;
/** The maximum of names and addresses of a window that are counted separately. */
const DISTINCT_MAX = 1_000;

/** Refusals of callers outside of the organization, who can cause any number of them. */
export interface UnauthenticatedRefusals {
  /** Whether a refusal gets an entry of its own. If not, it is counted. */
  isRecorded(entry: AuditEntry, now: Date): boolean;
  /** Returns the entries of finished windows, or of all windows. */
  take(now: Date, all?: boolean): readonly FoldedRefusals[];
  /** Whether there are counts. */
  readonly isWaiting: boolean;
}

/** Counted refusals, without a position and request of their own. */
type FoldedRefusals = Omit<AuditEntry, 'requestId'>;

/** The function name of an entry for counted refusals. */
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
 * Whether an entry may be counted: refusals of anonymous callers, of browsers and of keys at the gateway. Calls of members, and
 * refusals to them, are never counted together.
 */
export function isUnauthenticatedRefusal(
  { actor, outcome }: AuditEntry,
  isAtGateway: boolean,
): boolean {
  return outcome === 'refused' && (actor === 'anonymous' || actor === 'browser' || isAtGateway);
}

export function createUnauthenticatedRefusals(): UnauthenticatedRefusals {
  const windows = new Map<string, Window>();
  /** Windows that are over and not taken yet. */
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
