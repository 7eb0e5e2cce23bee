import type { Log } from '../../platform/log.js';
import type { ApiKeyRow } from '../store.js';
import type { Reminder } from './reminder.js';

/** The event published to an organization's webhooks when a key should be rotated. */
const ROTATION_DUE = 'hub.apiKey.rotationDue';
/** The event published when a key was reported as leaked. */
const KEY_LEAKED = 'hub.apiKey.leaked';

/** The notice that the owner of a key gets by e-mail. */
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
  /** Sends an e-mail to a user; returns false when the host has no e-mail adapter. */
  send(message: KeyMail & { readonly userId: string }): Promise<boolean>;
  /** Returns the e-mail for a notice; `undefined`: send none. */
  readonly mailOf: (notice: KeyNotice) => KeyMail | undefined;
}

/** Publishes one event for each stage, even when several processes look at the key at the same time. */
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

/** `revoked`: the whole key, or only the rest of the previous secret's grace period. */
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

/** Tries once to send the e-mail; the log has the outcome. */
export async function mailOwner(
  { log, send, mailOf }: NotifyDeps,
  row: ApiKeyRow,
  kind: KeyNotice['kind'],
): Promise<void> {
  const { id, name, start, owner, organization: organizationId } = row;
  const line = { apiKeyId: id, userId: owner, kind };
  try {
    const mail = mailOf({ kind, organizationId, apiKey: { id, name, start }, ...endOf(row) });
    if (mail && (await send({ ...mail, userId: owner }))) log.info(line, 'apiKey.ownerMailed');
  } catch (error) {
    log.error({ ...line, err: error }, 'apiKey.mailFailed');
  }
}

/** The default e-mail. */
export function defaultMail({ kind, apiKey: { name, start }, expiresAt }: KeyNotice): KeyMail {
  const key = `Your API key “${name}” (${start}…)`;
  const rotate = 'Rotate it. The current secret can go on working for up to 30 days meanwhile.';
  if (kind === 'leaked')
    return {
      subject: `Your API key was found in a public place: ${name}`,
      text: `${key} was reported as found where others can read it, and no longer works. Create a new one, and check in the audit log what was done with this one.`,
    };
  if (kind === 'old')
    return { subject: `Time to rotate an API key: ${name}`, text: `${key} is old. ${rotate}` };
  const end = expiresAt?.toISOString() ?? 'soon';
  return {
    subject: `Your API key expires soon: ${name}`,
    text: `${key} expires at ${end}. Set a later expiry or create a new key in time.`,
  };
}

function keySummaryOf({ id, name, start, owner, environment }: ApiKeyRow) {
  return { apiKeyId: id, name, start, environment, ownerId: owner };
}

function endOf({ expiresAt }: ApiKeyRow) {
  return expiresAt && { expiresAt };
}
