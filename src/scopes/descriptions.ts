import type { Permission } from '../contract/index.js';

/** The description of each permission, for the user who grants it to a key or an app. */
export const PERMISSION_DESCRIPTIONS: Readonly<Record<Permission, string>> = {
  'organizations:read': 'Read the name and settings of the organization',
  'organizations:write': 'Change the name and settings of the organization',
  'members:read': 'Read who belongs to the organization',
  'members:write': 'Add and remove members and change their roles',
  'webhooks:read': 'Read webhooks and their deliveries',
  'webhooks:write': 'Create, change, test and delete webhooks',
  'events:read': 'Read published events',
  'events:publish': 'Publish events',
  'eventTypes:read': 'Read the types of events',
  'eventTypes:write': 'Create, change and archive types of events',
  'connections:read': 'Read connections to other services, without their credentials',
  'connections:write': 'Connect other services and disconnect them',
  'integrations:read': 'Read integrations and what they did',
  'integrations:write': 'Create, change and delete integrations',
  'integrations:execute': 'Call other services through integrations',
  'audit:read': 'Read who did what in the organization',
  'apiKeys:read': 'Read API keys and their use, without the keys themselves',
  'apiKeys:write': 'Create, rotate and revoke API keys',
  'oauthApps:read': 'Read OAuth apps and what was approved for them, without their secrets',
  'oauthApps:write': 'Create, change and delete OAuth apps',
};
