import type { ApiKeys } from '../apiKeys/index.js';
import type { Audit } from '../audit/index.js';
import type { Connections } from '../connections/index.js';
import type { Connectors } from '../connectors/index.js';
import type { Executions } from '../executions/index.js';
import type { Extensions } from '../extensions/index.js';
import type { IntegrationAdmin } from '../integrations/index.js';
import type { OAuth } from '../oauth/index.js';
import type {
  Invitations,
  OrganizationDeletion,
  Organizations,
  Tenancy,
} from '../organizations/index.js';
import type { Schedules } from '../schedules/index.js';
import type { ScopeRegistry } from '../scopes/index.js';
import type { BruteForceProtection, LoginProtection } from '../security/index.js';
import type { VaultService } from '../vault/index.js';
import type { Webhooks } from '../webhooks/index.js';

/** Everything that a cloud function or a job may use: one member per domain. */
export interface Services {
  readonly tenancy: Tenancy;
  readonly organizations: Organizations;
  readonly invitations: Invitations;
  readonly organizationDeletion: OrganizationDeletion;
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
  /** The brute-force protection of secrets. */
  readonly bruteForce: BruteForceProtection;
  /** The protection of passwords, sign-ups and e-mails, for every entry point. */
  readonly logins: LoginProtection;
  /** The current time, as rows store it. */
  now(): Date;
  readonly audit: Audit;
  /** Delivers everything that is due; returns the number of lanes worked. */
  deliverDue(): Promise<number>;
  /** Refreshes every token that is due; returns the number of connections checked. */
  refreshDue(): Promise<number>;
  /** Re-encrypts everything under the active key that can be now; returns the number of lanes worked. */
  reencryptDue(): Promise<number>;
}
