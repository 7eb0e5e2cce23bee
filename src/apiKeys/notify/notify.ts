import type { Log } from '../../platform/log.js';
import type { ApiKeyRow } from '../store.js';
import type { Reminder } from './reminder.js';

/** What the hub publishes to an organization's own webhooks when a key should be rotated. */
const ROTATION_DUE = 'hub.apiKey.rotationDue';
/** … and when one was reported as found where it does not belong. */
const KEY_LEAKED = 'hub.apiKey.leaked';

/** What the keeper of a key is told by mail. */
export interface KeyNotice {
  readonly kind: 'expiresSoon' | 'old' | 'leaked';
  readonly organizationId: string;
  readonly apiKey: { readonly id: string; readonly name: string; readonly start: string };
  readonly expiresAt?: Date | undefined;
}

export interface KeyMail {
  readonly subject: string;
  readonly text: string;
}

export interface NotifyDeps {
  readonly log: Log;
  /** Publishes an event to the webhooks of an organization. */
  publish(event: {
    readonly organizationId: string;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly idempotencyKey: string;
  }): Promise<unknown>;
  /** Mail to a user; answers false where the host sends none. */
  send(message: KeyMail & { readonly userId: string }): Promise<boolean>;
  /** The mail for a notice; `undefined`: none. */
  readonly mailOf: (notice: KeyNotice) => KeyMail | undefined;
}

/** Told once for each stage, by as many processes as may look at the key at once. */
export async function publishReminder(
  { publish }: Pick<NotifyDeps, 'publish'>,
  row: ApiKeyRow,
  { reason, stage }: Reminder,
): Promise<void> {
  await publish({
    organizationId: row.organization,
    type: ROTATION_DUE,
    data: { ...keySummaryOf(row), reason, ...endOf(row) },
    idempotencyKey: `hub:apiKeyRotation:${row.id}:${stage}`,
  });
}

/** `revoked`: the whole key, or only what was left of the one before its last rotation. */
export async function publishLeak(
  { publish }: Pick<NotifyDeps, 'publish'>,
  row: ApiKeyRow,
  revoked: 'key' | 'previousKey',
): Promise<void> {
  await publish({
    organizationId: row.organization,
    type: KEY_LEAKED,
    data: { ...keySummaryOf(row), revoked },
    idempotencyKey: `hub:apiKeyLeaked:${row.id}:${revoked}:${String(row.revision)}`,
  });
}

/** Tried once: what comes of it is in the log. */
export async function mailOwner(
  { log, send, mailOf }: NotifyDeps,
  row: ApiKeyRow,
  kind: KeyNotice['kind'],
): Promise<void> {
  const { id, name, start, owner: keeper, organization: organizationId } = row;
  const line = { apiKeyId: id, userId: keeper, kind };
  try {
    const mail = mailOf({ kind, organizationId, apiKey: { id, name, start }, ...endOf(row) });
    if (mail && (await send({ ...mail, userId: keeper }))) log.info(line, 'apiKey.ownerMailed');
  } catch (error) {
    log.error({ ...line, err: error }, 'apiKey.mailFailed');
  }
}

/** What is said where the host says nothing else. */
export function defaultMail({ kind, apiKey: { name, start }, expiresAt }: KeyNotice): KeyMail {
  const key = `Your API key “${name}” (${start}…)`;
  const rotate = 'Rotate it: the key of before can go on working for up to 30 days meanwhile.';
  if (kind === 'leaked')
    return {
      subject: `An API key of yours was found in public: ${name}`,
      text: `${key} was reported as found where others can read it, and does not work any more. Make another one, and look at what was done with this one in the audit trail.`,
    };
  if (kind === 'old')
    return { subject: `Time to rotate an API key: ${name}`, text: `${key} is old. ${rotate}` };
  const end = expiresAt?.toISOString() ?? 'soon';
  return {
    subject: `An API key of yours ends soon: ${name}`,
    text: `${key} ends at ${end}. Give it a later end, or make another one in time.`,
  };
}

function keySummaryOf({ id, name, start, owner: keeper, environment }: ApiKeyRow) {
  return { apiKeyId: id, name, start, environment, ownerId: keeper };
}

function endOf({ expiresAt }: ApiKeyRow) {
  return expiresAt && { expiresAt };
}
