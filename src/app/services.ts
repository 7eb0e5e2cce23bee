import type { ApiKeys } from '../apiKeys/index.js';
import type { Audit } from '../audit/index.js';
import type { Connections } from '../connections/index.js';
import type { Connectors } from '../connectors/index.js';
import type { Executions } from '../executions/index.js';
import type { Extensions } from '../extensions/index.js';
import type { IntegrationAdmin } from '../integrations/index.js';
import type { OAuth } from '../oauth/index.js';
import type { Organizations, Tenancy } from '../organizations/index.js';
import type { Schedules } from '../schedules/index.js';
import type { ScopeRegistry } from '../scopes/index.js';
import type { Devices, BruteForceProtection } from '../security/index.js';
import type { VaultService } from '../vault/index.js';
import type { Webhooks } from '../webhooks/index.js';

/** Everything a cloud function or a job may ask for: one member a domain. */
export interface Services {
  readonly tenancy: Tenancy;
  readonly organizations: Organizations;
  readonly webhooks: Webhooks;
  readonly schedules: Schedules;
  readonly connectors: Connectors;
  readonly connections: Connections;
  readonly extensions: Extensions;
  readonly integrations: IntegrationAdmin;
  readonly executions: Executions;
  readonly vault: VaultService;
  readonly apiKeys: ApiKeys;
  readonly scopes: ScopeRegistry;
  readonly oauth: OAuth;
  /** The defense against guessing of secrets; `devices` are browsers that are known. */
  readonly bruteForce: BruteForceProtection;
  readonly devices: Devices;
  /** The time, as rows have it. */
  now(): Date;
  readonly audit: Audit;
  /** Delivers everything that is due; answers how many lanes were worked for it. */
  deliverDue(): Promise<number>;
  /** Refreshes every token that is due for it; answers how many connections were looked at for it. */
  refreshDue(): Promise<number>;
  /** Seals everything under the active key as far as it goes now; answers how many lanes were worked for it. */
  reencryptDue(): Promise<number>;
}
