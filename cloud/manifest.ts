import type { ClientOf } from '../src/contract/index.js';
import { createApiKey } from './apiKeys/createApiKey.js';
import { getApiKey } from './apiKeys/getApiKey.js';
import { getApiKeys } from './apiKeys/getApiKeys.js';
import { getApiKeyUsage } from './apiKeys/getApiKeyUsage.js';
import { revokeApiKey } from './apiKeys/revokeApiKey.js';
import { revokeApiKeys } from './apiKeys/revokeApiKeys.js';
import { rotateApiKey } from './apiKeys/rotateApiKey.js';
import { updateApiKey } from './apiKeys/updateApiKey.js';
import { verifyApiKey } from './apiKeys/verifyApiKey.js';
import { exportAuditLog } from './audit/exportAuditLog.js';
import { getAuditLog } from './audit/getAuditLog.js';
import { getHubAuditLog } from './audit/getHubAuditLog.js';
import { verifyAuditLog } from './audit/verifyAuditLog.js';
import { verifyHubAuditLog } from './audit/verifyHubAuditLog.js';
import { createConnection } from './connections/createConnection.js';
import { disconnectConnection } from './connections/disconnectConnection.js';
import { disconnectConnections } from './connections/disconnectConnections.js';
import { finishConnection } from './connections/finishConnection.js';
import { getConnections } from './connections/getConnections.js';
import { reconnectConnection } from './connections/reconnectConnection.js';
import { startConnection } from './connections/startConnection.js';
import { testConnection } from './connections/testConnection.js';
import { testConnections } from './connections/testConnections.js';
import { updateConnection } from './connections/updateConnection.js';
import { validateCredentials } from './connections/validateCredentials.js';
import { getConnector } from './connectors/getConnector.js';
import { getConnectors } from './connectors/getConnectors.js';
import { checkRateLimit } from './executions/checkRateLimit.js';
import { executeIntegration } from './executions/executeIntegration.js';
import { explainExecution } from './executions/explainExecution.js';
import { getIntegrationExecution } from './executions/getIntegrationExecution.js';
import { getIntegrationExecutions } from './executions/getIntegrationExecutions.js';
import { getIntegrationStatistics } from './executions/getIntegrationStatistics.js';
import { proxyRequest } from './executions/proxyRequest.js';
import { configureExtension } from './extensions/configureExtension.js';
import { getExtensions } from './extensions/getExtensions.js';
import { installExtension } from './extensions/installExtension.js';
import { uninstallExtension } from './extensions/uninstallExtension.js';
import { checkAccessControl } from './integrations/checkAccessControl.js';
import { connectIntegration } from './integrations/connectIntegration.js';
import { createIntegration } from './integrations/createIntegration.js';
import { deleteIntegration } from './integrations/deleteIntegration.js';
import { disconnectIntegration } from './integrations/disconnectIntegration.js';
import { getIntegration } from './integrations/getIntegration.js';
import { getIntegrations } from './integrations/getIntegrations.js';
import { setIntegrationStatus } from './integrations/setIntegrationStatus.js';
import { setIntegrationStatuses } from './integrations/setIntegrationStatuses.js';
import { updateIntegration } from './integrations/updateIntegration.js';
import { pruneHistory } from './jobs/pruneHistory.js';
import { reencryptSecrets } from './jobs/reencryptSecrets.js';
import { refreshTokens } from './jobs/refreshTokens.js';
import { remindKeyRotation } from './jobs/remindKeyRotation.js';
import { rescueStuckWork } from './jobs/rescueStuckWork.js';
import { retryWebhooks } from './jobs/retryWebhooks.js';
import { createOAuthApp } from './oauth/createOAuthApp.js';
import { deleteOAuthApp } from './oauth/deleteOAuthApp.js';
import { explainOAuthConsent } from './oauth/explainOAuthConsent.js';
import { getOAuthApp } from './oauth/getOAuthApp.js';
import { getOAuthApps } from './oauth/getOAuthApps.js';
import { getOAuthGrants } from './oauth/getOAuthGrants.js';
import { getOAuthScopes } from './oauth/getOAuthScopes.js';
import { regenerateOAuthSecret } from './oauth/regenerateOAuthSecret.js';
import { revokeOAuthGrant } from './oauth/revokeOAuthGrant.js';
import { updateOAuthApp } from './oauth/updateOAuthApp.js';
import { acceptOrganizationInvitation } from './organizations/acceptOrganizationInvitation.js';
import { addOrganizationMember } from './organizations/addOrganizationMember.js';
import { createOrganization } from './organizations/createOrganization.js';
import { declineOrganizationInvitation } from './organizations/declineOrganizationInvitation.js';
import { deleteOrganization } from './organizations/deleteOrganization.js';
import { getOrganizationInvitations } from './organizations/getOrganizationInvitations.js';
import { getOrganizationMembers } from './organizations/getOrganizationMembers.js';
import { getOrganizations } from './organizations/getOrganizations.js';
import { inviteOrganizationMember } from './organizations/inviteOrganizationMember.js';
import { leaveOrganization } from './organizations/leaveOrganization.js';
import { removeOrganizationMember } from './organizations/removeOrganizationMember.js';
import { revokeOrganizationInvitation } from './organizations/revokeOrganizationInvitation.js';
import { setDefaultOrganization } from './organizations/setDefaultOrganization.js';
import { setOrganizationMemberRole } from './organizations/setOrganizationMemberRole.js';
import { transferOrganizationOwnership } from './organizations/transferOrganizationOwnership.js';
import { updateOrganization } from './organizations/updateOrganization.js';
import { getEncryptionStatus } from './vault/getEncryptionStatus.js';
import { rotateEncryptionKey } from './vault/rotateEncryptionKey.js';
import { archiveEventType } from './webhooks/archiveEventType.js';
import { createEventType } from './webhooks/createEventType.js';
import { createWebhook } from './webhooks/createWebhook.js';
import { deleteWebhook } from './webhooks/deleteWebhook.js';
import { getEvent } from './webhooks/getEvent.js';
import { getEvents } from './webhooks/getEvents.js';
import { getEventTypes } from './webhooks/getEventTypes.js';
import { getWebhook } from './webhooks/getWebhook.js';
import { getWebhookDeliveries } from './webhooks/getWebhookDeliveries.js';
import { getWebhookDelivery } from './webhooks/getWebhookDelivery.js';
import { getWebhooks } from './webhooks/getWebhooks.js';
import { publishEvent } from './webhooks/publishEvent.js';
import { publishEvents } from './webhooks/publishEvents.js';
import { retryWebhookDelivery } from './webhooks/retryWebhookDelivery.js';
import { rotateWebhookSecret } from './webhooks/rotateWebhookSecret.js';
import { testWebhook } from './webhooks/testWebhook.js';
import { updateEventType } from './webhooks/updateEventType.js';
import { updateWebhook } from './webhooks/updateWebhook.js';

/** The functions of the hub's own organizations; not registered when the host brings its own. */
export const organizationFunctions = [
  createOrganization,
  getOrganizations,
  updateOrganization,
  addOrganizationMember,
  setOrganizationMemberRole,
  removeOrganizationMember,
  getOrganizationMembers,
  inviteOrganizationMember,
  getOrganizationInvitations,
  revokeOrganizationInvitation,
  acceptOrganizationInvitation,
  declineOrganizationInvitation,
  leaveOrganization,
  transferOrganizationOwnership,
  deleteOrganization,
] as const;

/** All cloud functions, in the order of the reference. Add a line here to publish a function. */
export const manifest = [
  ...organizationFunctions,
  setDefaultOrganization,
  createWebhook,
  getWebhooks,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  testWebhook,
  rotateWebhookSecret,
  publishEvent,
  publishEvents,
  getEvents,
  getEvent,
  getWebhookDeliveries,
  getWebhookDelivery,
  retryWebhookDelivery,
  createEventType,
  getEventTypes,
  updateEventType,
  archiveEventType,
  getConnectors,
  getConnector,
  installExtension,
  configureExtension,
  uninstallExtension,
  getExtensions,
  createConnection,
  startConnection,
  finishConnection,
  reconnectConnection,
  getConnections,
  updateConnection,
  testConnection,
  testConnections,
  validateCredentials,
  disconnectConnection,
  disconnectConnections,
  createIntegration,
  getIntegrations,
  getIntegration,
  updateIntegration,
  deleteIntegration,
  connectIntegration,
  disconnectIntegration,
  setIntegrationStatus,
  setIntegrationStatuses,
  checkAccessControl,
  executeIntegration,
  proxyRequest,
  explainExecution,
  getIntegrationExecutions,
  getIntegrationExecution,
  getIntegrationStatistics,
  checkRateLimit,
  createApiKey,
  getApiKeys,
  getApiKey,
  updateApiKey,
  rotateApiKey,
  revokeApiKey,
  revokeApiKeys,
  verifyApiKey,
  getApiKeyUsage,
  createOAuthApp,
  getOAuthApps,
  getOAuthApp,
  updateOAuthApp,
  regenerateOAuthSecret,
  deleteOAuthApp,
  getOAuthScopes,
  getOAuthGrants,
  revokeOAuthGrant,
  explainOAuthConsent,
  getEncryptionStatus,
  rotateEncryptionKey,
  getAuditLog,
  verifyAuditLog,
  exportAuditLog,
  getHubAuditLog,
  verifyHubAuditLog,
] as const;

/** The client that `createHubClient` returns: one typed method for each function. */
export type Client = ClientOf<typeof manifest>;

/** All Parse jobs of the hub. */
export const jobs = [
  retryWebhooks,
  refreshTokens,
  rescueStuckWork,
  pruneHistory,
  reencryptSecrets,
  remindKeyRotation,
] as const;
