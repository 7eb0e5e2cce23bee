import type { Clock } from '../platform/clock.js';
import type { ConnectionRow, ConnectionStore } from './store.js';

/** What the hub publishes to an organization's own webhooks when a person has to connect a service anew. */
const RECONNECT_NEEDED = 'hub.connection.reconnectNeeded';

export interface NotifyDeps {
  readonly store: ConnectionStore;
  readonly clock: Clock;
  /** Publishes an event to the webhooks of an organization. */
  publish(event: {
    readonly organizationId: string;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly idempotencyKey: string;
  }): Promise<unknown>;
}

/** Whether a connection was lost and its organization does not know yet. */
export function needsNotification({ state, notifiedAt }: ConnectionRow): boolean {
  return state === 'reconnect' && notifiedAt === undefined;
}

/**
 * Tells an organization that a connection of its is lost. Done by the holder of its lane, and again by the next one if this
 * one ends in between: the idempotency key has it told once.
 */
export async function notify(
  { store, clock, publish }: NotifyDeps,
  connection: ConnectionRow,
): Promise<void> {
  const { id, organization, connector, name, endUser, problem, revision } = connection;
  await publish({
    organizationId: organization,
    type: RECONNECT_NEEDED,
    data: { connectionId: id, connector, name, ...(endUser && { endUser }), problem },
    idempotencyKey: `hub:reconnect:${id}:${String(revision)}`,
  });
  // Whoever changed it meanwhile has connected it, or disconnected it: nothing is to be told any more.
  await store.change(connection, { notifiedAt: clock.now() });
}
