import type { ApiKeyRow } from './store.js';
import type { KeyLimits } from './verify/limits.js';

/** The settings that decide what a secret may do, as they were when the key was rotated. */
interface IssuedSettings {
  readonly scopes: readonly string[];
  readonly addresses: readonly string[];
  readonly origins: readonly string[];
  readonly limits: KeyLimits;
  /** ISO 8601; absent: the key did not expire. */
  readonly expiresAt?: string | undefined;
}

/** The settings of a key that a change may widen. */
export type WidenedSetting = 'scopes' | 'addresses' | 'origins' | 'limits' | 'expiresAt';

type Settings = Pick<ApiKeyRow, 'scopes' | 'addresses' | 'origins'> & {
  readonly limits: KeyLimits;
  readonly expiresAt: Date | undefined;
};

/** Returns the fields that record, at a rotation, who issued the secret that becomes the previous one, and for what. */
export function issuanceFields(row: ApiKeyRow) {
  const settings: IssuedSettings = {
    scopes: row.scopes,
    addresses: row.addresses,
    origins: row.origins,
    limits: JSON.parse(row.limits) as KeyLimits,
    expiresAt: row.expiresAt?.toISOString(),
  };
  return { previousOwner: row.owner, previousSettings: JSON.stringify(settings) };
}

/**
 * Returns a key as its previous secret acts: as the member who issued that secret, with no more than the settings of that
 * time and of now both allow. Its addresses and origins are those of that time; those of now have to be checked as well.
 * A key that was rotated before issuers were recorded acts as its owner, with its present settings.
 */
export function asPreviousSecret(row: ApiKeyRow): ApiKeyRow {
  const { previousOwner, previousSettings } = row;
  if (previousOwner === undefined || previousSettings === undefined) return row;
  const issued = JSON.parse(previousSettings) as IssuedSettings;
  const limits = JSON.parse(row.limits) as KeyLimits;
  return {
    ...row,
    owner: previousOwner,
    scopes: row.scopes.filter((scope) => issued.scopes.includes(scope)),
    addresses: issued.addresses,
    origins: issued.origins,
    limits: JSON.stringify(bothLimits(issued.limits, limits)),
    expiresAt: earlier(
      row.expiresAt,
      issued.expiresAt === undefined ? undefined : new Date(issued.expiresAt),
    ),
  };
}

function bothLimits(one: KeyLimits, other: KeyLimits): KeyLimits {
  const rules = new Map([...one.rules, ...other.rules].map((rule) => [JSON.stringify(rule), rule]));
  const monthly = [one.monthlyCalls, other.monthlyCalls].filter((calls) => calls !== undefined);
  return {
    rules: [...rules.values()],
    ...(monthly.length > 0 && { monthlyCalls: Math.min(...monthly) }),
  };
}

function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}

/** Returns the settings of which `change` allows a key more than it has now. Absent settings do not change. */
export function wideningOf(row: ApiKeyRow, change: Partial<Settings>): readonly WidenedSetting[] {
  const { scopes = [], addresses, origins, limits } = change;
  const isLater =
    'expiresAt' in change &&
    row.expiresAt !== undefined &&
    !(change.expiresAt && change.expiresAt <= row.expiresAt);
  const widened: Record<WidenedSetting, boolean> = {
    scopes: scopes.some((scope) => !row.scopes.includes(scope)),
    addresses: addresses !== undefined && allowsMore(row.addresses, addresses),
    origins: origins !== undefined && allowsMore(row.origins, origins),
    limits: limits !== undefined && limitsLess(JSON.parse(row.limits) as KeyLimits, limits),
    expiresAt: isLater,
  };
  return (Object.keys(widened) as WidenedSetting[]).filter((name) => widened[name]);
}

/** An empty list allows everything. */
function allowsMore(before: readonly string[], after: readonly string[]): boolean {
  if (before.length === 0) return false;
  return after.length === 0 || after.some((entry) => !before.includes(entry));
}

/** Whether one of the limits before is gone or higher. */
function limitsLess(before: KeyLimits, after: KeyLimits): boolean {
  const isKept = (rule: KeyLimits['rules'][number]) =>
    after.rules.some(
      (each) =>
        each.strategy === rule.strategy &&
        each.perSeconds === rule.perSeconds &&
        each.calls <= rule.calls &&
        burstOf(each) <= burstOf(rule),
    );
  if (!before.rules.every(isKept)) return true;
  return (after.monthlyCalls ?? Infinity) > (before.monthlyCalls ?? Infinity);
}

function burstOf(rule: KeyLimits['rules'][number]): number {
  return 'burst' in rule && rule.burst !== undefined ? rule.burst : rule.calls;
}
