import { type ClassSpec, type Field, parseUrl } from '../../contract/index.js';
import type { SeenChange } from '../../platform/rowChanges.js';
import { oneLine } from './oneLine.js';
import type { Summary } from './summary.js';

/**
 * A row before and after a change: `before` whole, `after` as far as it differs. Without `before` the row was created, and
 * `after` is whole; without `after` it was deleted.
 */
export interface RowImage {
  readonly class: string;
  readonly id: string;
  readonly before?: Summary | undefined;
  readonly after?: Summary | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** The maximum of rows in one entry; further changes of the call are omitted. */
const IMAGES_MAX = 100;
const TEXT_MAX = 200;
const LIST_MAX = 1_000;
/** Fields that are not recorded: the identity of the row and its revision. */
const UNAUDITED: readonly string[] = [
  'organization',
  'revision',
  'createdAt',
  'updatedAt',
  'readers',
];

/** Returns each changed row once, as it was at first and in the end. Hidden and encrypted fields are never included. */
export function imagesOf(seen: readonly SeenChange[]): readonly RowImage[] {
  return mergeChanges(seen)
    .slice(0, IMAGES_MAX)
    .flatMap(({ cls, id, before, after }): RowImage[] => {
      const row = { class: cls.name, id };
      if (!before) return after ? [{ ...row, after: imageOf(cls, after) }] : [];
      if (!after) return [{ ...row, before: imageOf(cls, before) }];
      return [
        { ...row, before: imageOf(cls, before), after: imageOf(cls, changedFields(before, after)) },
      ];
    });
}

/**
 * Whether a change is a decision or requires action: a row was created or deleted, or one of its choices changed, for example
 * when it was disabled. Counters and dates change all the time.
 */
export function isNotable({ cls, before, after }: SeenChange): boolean {
  if (!before || !after) return before !== after;
  const differing = changedFields(before, after);
  return (cls.audited ?? []).some((field) => Object.hasOwn(differing, field));
}

/** Returns the organization that a changed row belongs to. */
export function organizationOfChange({ before, after }: SeenChange): string | undefined {
  const id = (after ?? before)?.['organization'];
  return typeof id === 'string' ? id : undefined;
}

function mergeChanges(seen: readonly SeenChange[]): readonly SeenChange[] {
  const rows = new Map<string, SeenChange>();
  for (const change of seen) {
    const key = `${change.cls.name} ${change.id}`;
    const first = rows.get(key);
    rows.set(key, first ? { ...change, before: first.before } : change);
  }
  return [...rows.values()];
}

function changedFields(before: Values, after: Values): Values {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const differing = [...names].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return Object.fromEntries(differing.map((name) => [name, after[name]]));
}

function imageOf(cls: ClassSpec, values: Values): Summary {
  const unseen = [...UNAUDITED, ...(cls.hidden ?? []), ...(cls.sealed ?? [])];
  const entries = Object.entries(cls.fields)
    .filter(([name]) => Object.hasOwn(values, name) && !unseen.includes(name))
    .map(([name, field]) => {
      const isAudited = cls.audited?.includes(name) ?? false;
      return [name, auditedValue(field, values[name], isAudited)] as const;
    });
  return Object.fromEntries(entries);
}

function auditedValue(
  { type }: Field<unknown>,
  value: unknown,
  isAudited: boolean,
): Summary[string] {
  if (value === undefined || value === null) return '[none]';
  if (typeof value === 'number') return Number.isFinite(value) ? value : '[not finite]';
  if (typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    const items = value.filter((item) => typeof item === 'string').map(withoutPath);
    return isAudited ? (oneLine(items.join(', '), LIST_MAX) ?? '') : `[${value.length} items]`;
  }
  if (typeof value !== 'string') return `[${Object.keys(value).length} keys]`;
  if (type === 'Pointer') return value;
  return isAudited ? (oneLine(withoutPath(value), TEXT_MAX) ?? '') : `[${value.length} characters]`;
}

/** Returns only the origin of a URL: its path and query may contain a secret. */
function withoutPath(text: string): string {
  return (/^https?:\/\//.test(text) && parseUrl(text)?.origin) || text;
}
