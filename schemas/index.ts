import { AddedMember } from './AddedMember.js';
import { APIKey } from './APIKey.js';
import { APIKeyUsage } from './APIKeyUsage.js';
import { AuditChain } from './AuditChain.js';
import { AuditLog } from './AuditLog.js';
import { DefaultOrganization } from './DefaultOrganization.js';
import { EncryptionKey } from './EncryptionKey.js';
import { Extension } from './Extension.js';
import { HubLane } from './HubLane.js';
import { Integration } from './Integration.js';
import { IntegrationExecution } from './IntegrationExecution.js';
import { OAuthApp } from './OAuthApp.js';
import { OAuthGrant } from './OAuthGrant.js';
import { OAuthRecord } from './OAuthRecord.js';
import { Organization } from './Organization.js';
import { OrganizationInvitation } from './OrganizationInvitation.js';
import { QueuedCall } from './QueuedCall.js';
import { ServiceConnection } from './ServiceConnection.js';
import { UsageMeter } from './UsageMeter.js';
import { Webhook } from './Webhook.js';
import { WebhookAttempt } from './WebhookAttempt.js';
import { WebhookDelivery } from './WebhookDelivery.js';
import { WebhookEvent } from './WebhookEvent.js';
import { WebhookEventType } from './WebhookEventType.js';

export {
  AddedMember,
  APIKey as ApiKey,
  APIKeyUsage as ApiKeyUsage,
  AuditChain,
  AuditLog,
  DefaultOrganization,
  EncryptionKey,
  Extension,
  HubLane,
  Integration,
  IntegrationExecution,
  OAuthApp,
  OAuthGrant,
  OAuthRecord,
  Organization,
  OrganizationInvitation,
  QueuedCall,
  ServiceConnection,
  UsageMeter,
  Webhook,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEvent,
  WebhookEventType,
};
export type { SealedSecret } from './Webhook.js';

/** All stored classes. To add one, add a file in this folder and a line here. */
export const schemas = [
  Organization,
  OrganizationInvitation,
  AddedMember,
  DefaultOrganization,
  Webhook,
  WebhookEventType,
  WebhookEvent,
  WebhookDelivery,
  WebhookAttempt,
  Extension,
  ServiceConnection,
  Integration,
  IntegrationExecution,
  QueuedCall,
  APIKey,
  APIKeyUsage,
  OAuthApp,
  OAuthGrant,
  OAuthRecord,
  EncryptionKey,
  HubLane,
  UsageMeter,
  AuditLog,
  AuditChain,
] as const;
