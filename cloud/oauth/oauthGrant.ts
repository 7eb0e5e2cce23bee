import { z } from 'zod';

import type { Services } from '../../src/app/services.js';
import { type Actor, type Permission, permissionDenied } from '../../src/contract/index.js';
import type { GrantView } from '../../src/oauth/index.js';
import { scopeDescription } from './oauthApp.js';

export const oauthGrantId = z.string().min(1).max(64);

export const oauthGrant = z.strictObject({
  id: z.string(),
  userId: z.string().describe('The user who approved it.'),
  oauthAppId: z.string(),
  appName: z.string(),
  organizationId: z.string().optional().describe('The organization that the app acts in.'),
  scopes: z.array(scopeDescription),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export function showGrant(
  { row, app }: GrantView,
  { oauth }: Pick<Services, 'oauth'>,
): z.input<typeof oauthGrant> {
  const { id, user, organization, createdAt, expiresAt } = row;
  return {
    id,
    userId: user,
    oauthAppId: row.app,
    appName: app?.name ?? '',
    ...(organization !== undefined && { organizationId: organization }),
    scopes: [...oauth.scopes.describe(row.scopes)],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

export const oauthGrantExample: z.input<typeof oauthGrant> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pdk',
  userId: 'u8Qe0ZbKdA',
  oauthAppId: '0mhc6xwzk3v9q2t8r4ynb1pdm',
  appName: 'Warehouse',
  organizationId: 'mfx3q9T2hVb7',
  scopes: [{ name: 'webhooks:read', description: 'Read webhooks and their deliveries' }],
  createdAt: '2026-01-02T03:04:05.000Z',
  expiresAt: '2027-01-02T03:04:05.000Z',
};

/** Checks that the caller has a permission in an organization. Throws PermissionDenied, OrganizationNotFound and what `membershipOf` throws. */
export async function checkMay(
  { tenancy }: Pick<Services, 'tenancy'>,
  actor: Actor,
  { organizationId, permission }: { organizationId: string; permission: Permission },
): Promise<void> {
  const { permissions } = await tenancy.membershipOf(actor, organizationId);
  if (!permissions.has(permission)) throw permissionDenied(actor, permission);
}
