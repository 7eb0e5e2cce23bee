import type { Clock } from '../platform/clock.js';
import type { ConnectionRow, ConnectionStore } from './store.js';

/** The event that the hub publishes to an organization's own webhooks when a person has to reconnect a service. */
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

/** Returns whether a connection is lost and its organization has not been notified. */
export function needsNotification({ state, notifiedAt }: ConnectionRow): boolean {
  return state === 'reconnect' && notifiedAt === undefined;
}

/**
 * Notifies an organization of a lost connection. The holder of the connection's lane does so; if it dies in between, the next
 * holder does so again, and the idempotency key makes one event of both.
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
  // A change that fails here means that the connection was reconnected or disconnected meanwhile: no notification is due.
  await store.change(connection, { notifiedAt: clock.now() });
}
