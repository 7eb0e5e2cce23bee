import {
  createInvitations,
  createOrganizationDeletion,
  createOrganizations,
  invitationStore,
  type OrganizationPart,
  type organizationStore,
} from '../organizations/index.js';
import { createMeters } from '../platform/limits/index.js';
import type { ParseMail } from '../platform/parse/index.js';
import type { CheckedOptions } from './checkOptions.js';
import type { Platform } from './platform.js';
import type { Services } from './services.js';

/** The domains that end with a member or with an organization. */
interface Domains extends Pick<
  Services,
  'apiKeys' | 'connections' | 'executions' | 'extensions' | 'integrations' | 'oauth' | 'webhooks'
> {
  readonly store: ReturnType<typeof organizationStore>;
  readonly mail: ParseMail;
}

/** Composes what manages the hub's own organizations. */
export function openOrganizations(
  options: CheckedOptions,
  platform: Platform,
  domains: Domains,
): Pick<Services, 'organizations' | 'invitations' | 'organizationDeletion'> {
  const { clock, log, users } = platform;
  const { store, mail, apiKeys, oauth } = domains;
  const invitations = createInvitations({
    clock,
    log,
    mail,
    organizations: store,
    store: invitationStore(platform),
    meters: createMeters(platform),
    secrets: [options.secret, ...options.previousSecrets],
    url: options.invitations.url ?? `${options.publicUrl}/invitations`,
    mailOf: options.invitations.mail,
    loadUser: (userId) => users.load(userId),
  });
  const endCredentials = async (organizationId: string, userId: string) => {
    await apiKeys.admin.revokeAllOf(organizationId, userId);
    await oauth.apps.revokeIssued(organizationId, userId);
    await oauth.grants.revokeAllOf(organizationId, userId);
  };
  const { auditDays } = options.retention;
  return {
    invitations,
    organizations: createOrganizations({ store, clock, invitations, endCredentials }),
    organizationDeletion: createOrganizationDeletion({
      store,
      clock,
      auditDays,
      parts: partsOf(domains),
    }),
  };
}

/** Returns what ends with an organization, in the order in which it ends: what sends or calls by itself comes first. */
function partsOf({
  store,
  webhooks,
  integrations,
  executions,
  apiKeys,
  oauth,
  connections,
  extensions,
}: Domains): readonly OrganizationPart[] {
  const endOAuth = async (organizationId: string) => {
    await oauth.apps.deleteAllOf(organizationId);
    await oauth.grants.revokeAllOf(organizationId);
  };
  return [
    { rows: store.ofOrganization },
    { rows: webhooks.ofOrganization },
    { rows: integrations.ofOrganization },
    { rows: executions.ofOrganization },
    { rows: apiKeys.ofOrganization },
    { rows: oauth.ofOrganization, end: endOAuth },
    {
      rows: connections.ofOrganization,
      end: (organizationId, call) => connections.disconnectAll(organizationId, call),
    },
    { rows: extensions.ofOrganization },
  ];
}
