/** The permissions of callers, as `domain:verb`. The same strings are the scopes of API keys and OAuth tokens. */
export const PERMISSIONS = [
  'organizations:read',
  'organizations:write',
  'members:read',
  'members:write',
  'webhooks:read',
  'webhooks:write',
  'events:read',
  'events:publish',
  'eventTypes:read',
  'eventTypes:write',
  'connections:read',
  'connections:write',
  'integrations:read',
  'integrations:write',
  'integrations:execute',
  'audit:read',
  'apiKeys:read',
  'apiKeys:write',
  'oauthApps:read',
  'oauthApps:write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Permissions that keys and tokens never have, whatever their creator's role: those that give others access. */
const FOR_PEOPLE = ['members:write', 'apiKeys:write', 'oauthApps:write'] as const;

/** The scopes that an API key or an OAuth token may have. */
export const KEY_SCOPES = PERMISSIONS.filter(
  (permission): permission is KeyScope => !FOR_PEOPLE.some((kept) => kept === permission),
);
export type KeyScope = Exclude<Permission, (typeof FOR_PEOPLE)[number]>;

/** Roles of an organization, strongest first. */
export const ROLES = ['owner', 'admin', 'developer', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** The audit log is for those who are responsible for the organization, not for every member. */
const READS = PERMISSIONS.filter(
  (permission) => permission.endsWith(':read') && permission !== 'audit:read',
);

/**
 * The permissions of each role. A developer runs the integrations; only admins and owners manage members and read the
 * audit log.
 */
export const GRANTS: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS,
  developer: [
    ...READS,
    'webhooks:write',
    'events:publish',
    'eventTypes:write',
    'integrations:execute',
  ],
  viewer: READS,
};

/** Returns the Parse role of `role` in an organization; rows have these names in their ACL. */
export function parseRoleName(organizationId: string, role: Role): string {
  return `org_${organizationId}_${role}`;
}
