import type { Organizations, Tenancy } from './organizations/index.js';
import type { Schedules } from './schedules/index.js';
import type { Webhooks } from './webhooks/index.js';

/** Everything a cloud function or a job may ask for: one member a domain. */
export interface Services {
  readonly tenancy: Tenancy;
  readonly organizations: Organizations;
  readonly webhooks: Webhooks;
  readonly schedules: Schedules;
  /** Delivers everything that is due; answers how many lanes were worked for it. */
  deliverDue(): Promise<number>;
}
