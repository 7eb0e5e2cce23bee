import { OAuthGrant } from '../../schemas/index.js';
import { newId } from '../../src/platform/ids.js';
import type { TestHub } from '../support/hub.js';

/** Stores a grant as after an approval; returns its id. */
export async function storeGrant(
  { app: { database, services } }: Pick<TestHub, 'app'>,
  of: { readonly appId: string; readonly userId: string; readonly organizationId: string },
): Promise<string> {
  const id = newId();
  const createdAt = services.now();
  await database.insertMany(OAuthGrant, [
    {
      id,
      createdAt,
      readers: [],
      payload: 'sealed',
      scopes: ['webhooks:read'],
      app: of.appId,
      user: of.userId,
      organization: of.organizationId,
      expiresAt: new Date(createdAt.getTime() + 86_400_000),
    },
  ]);
  return id;
}
