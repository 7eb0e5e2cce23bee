import type { Executions } from '../executions/index.js';
import type { IntegrationAdmin } from '../integrations/index.js';
import type { Clock } from '../platform/clock.js';
import type { LaneId } from '../platform/database/index.js';
import type { LaneWorker } from '../platform/lanes/index.js';
import type { WebhookMaintenance } from '../webhooks/index.js';

/** The lane of the recovery from crashes. It is not a Parse job, which would leave a row each time. */
export const MAINTENANCE: LaneId = { kind: 'maintenance', key: 'rescue' };
const MAINTENANCE_EVERY_MS = 15_000;

/** Recovers from crashes, and encrypts what an earlier version stored in clear text. */
export function maintenanceWorker({
  webhooks,
  executions,
  integrations,
  clock,
}: {
  readonly webhooks: WebhookMaintenance;
  readonly executions: Pick<Executions, 'rescue'>;
  readonly integrations: Pick<IntegrationAdmin, 'sealClearHeaders'>;
  readonly clock: Clock;
}): LaneWorker {
  let mayHaveClearHeaders = true;
  return async ({ signal }) => {
    await webhooks.rescue({ signal, progress: () => undefined });
    await executions.rescue();
    // Rows from before header values were encrypted. Once there are none, the nightly job looks for further ones.
    if (mayHaveClearHeaders) mayHaveClearHeaders = (await integrations.sealClearHeaders()) > 0;
    return { nextDueAt: new Date(clock.now().getTime() + MAINTENANCE_EVERY_MS) };
  };
}
