/** What a caller may do, as `domain:verb`. The same strings are the scopes of API keys and OAuth tokens. */
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

/** What no key and no token may do, whoever made it: give others access. */
const FOR_PEOPLE = ['members:write', 'apiKeys:write', 'oauthApps:write'] as const;

/** What the scopes of an API key or of an OAuth token may be. */
export const KEY_SCOPES = PERMISSIONS.filter(
  (permission): permission is KeyScope => !FOR_PEOPLE.some((kept) => kept === permission),
);
export type KeyScope = Exclude<Permission, (typeof FOR_PEOPLE)[number]>;

/** Roles of an organization, strongest first. */
export const ROLES = ['owner', 'admin', 'developer', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Who did what is for those who answer for the organization, not for everybody in it. */
const READS = PERMISSIONS.filter(
  (permission) => permission.endsWith(':read') && permission !== 'audit:read',
);

/**
 * What each role may do. A developer runs the integrations; only admins and owners change who belongs, and see who did
 * what.
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

/** The Parse role that stands for `role` in an organization; rows carry these names in their ACL. */
export function parseRoleName(organizationId: string, role: Role): string {
  return `org_${organizationId}_${role}`;
}
