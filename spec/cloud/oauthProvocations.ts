import type { Client } from '../../cloud/manifest.js';
import { OAuthApp } from '../../schemas/index.js';
import { OAUTH_APPS_MAX } from '../../src/oauth/store.js';
import { type Caller, type Json, master, type TestHub } from '../support/hub.js';
import { anotherOrganization, type Team } from './team.js';

interface Calling {
  readonly hub: TestHub;
  readonly team: Team;
  responseOf(name: keyof Client, params: Record<string, unknown>, as?: Caller): Promise<Json>;
  resultOf(name: keyof Client, params: Record<string, unknown>): Promise<Json>;
  refusalOfTwenty(
    name: keyof Client,
    options: { code: number; prepare: () => Promise<Record<string, unknown>> },
  ): Promise<Json>;
}

/** Returns calls that provoke each declared error of the functions about OAuth apps. */
export function oauthProvocations({ hub, team, responseOf, resultOf, refusalOfTwenty }: Calling) {
  const request = {
    name: 'o',
    scopes: ['webhooks:read'],
    redirectUris: ['https://app.example.com/callback'],
  };
  const madeId = async (more: object = {}): Promise<string> =>
    (await resultOf('createOAuthApp', { ...request, ...more })).oauthApp.id;

  // Created at once: another case starts and stops a hub, and the SDK of this process stops working with it.
  const another = anotherOrganization(hub, team);
  async function fullOrganization(): Promise<string> {
    const organizationId = await another;
    const { id } = (await resultOf('createOAuthApp', { ...request, organizationId })).oauthApp;
    const [row] = await hub.app.database.loadMany(OAuthApp, [id]);
    if (!row) throw new Error('The app is not there.');
    const copies = Array.from({ length: OAUTH_APPS_MAX - 1 }, (_, nth) => ({
      ...row,
      id: `oauthAppCopy${String(nth)}`,
      readers: [],
    }));
    await hub.app.database.insertMany(OAuthApp, copies);
    return organizationId;
  }
  const missing = (name: keyof Client, more: object = {}) => ({
    OAuthAppNotFound: () => responseOf(name, { oauthAppId: 'no', ...more }),
  });
  const unknown = { scopes: ['no:such'] };

  return {
    createOAuthApp: {
      OAuthAppUnfit: () => responseOf('createOAuthApp', { ...request, redirectUris: [] }),
      OAuthScopeUnknown: () => responseOf('createOAuthApp', { ...request, ...unknown }),
      OAuthAppOwnerNotFound: () => responseOf('createOAuthApp', request, master),
      MasterKeyRequired: () =>
        responseOf('createOAuthApp', { ...request, ownerId: team.viewer.id }),
      OAuthAppCountReached: async () =>
        responseOf('createOAuthApp', { ...request, organizationId: await fullOrganization() }),
    },
    getOAuthApps: {},
    getOAuthApp: missing('getOAuthApp'),
    updateOAuthApp: {
      ...missing('updateOAuthApp'),
      OAuthAppUnfit: async () =>
        responseOf('updateOAuthApp', { oauthAppId: await madeId(), redirectUris: [] }),
      OAuthScopeUnknown: async () =>
        responseOf('updateOAuthApp', { oauthAppId: await madeId(), ...unknown }),
      MasterKeyRequired: async () =>
        responseOf('updateOAuthApp', { oauthAppId: await madeId(), isVerified: true }),
      OAuthAppChanged: () =>
        refusalOfTwenty('updateOAuthApp', {
          code: 8202,
          prepare: async () => ({ oauthAppId: await madeId(), name: 'changed' }),
        }),
    },
    regenerateOAuthSecret: {
      ...missing('regenerateOAuthSecret'),
      OAuthAppWithoutSecret: async () =>
        responseOf('regenerateOAuthSecret', { oauthAppId: await madeId({ authMethod: 'none' }) }),
      OAuthAppChanged: () =>
        refusalOfTwenty('regenerateOAuthSecret', {
          code: 8202,
          prepare: async () => ({ oauthAppId: await madeId() }),
        }),
    },
    deleteOAuthApp: missing('deleteOAuthApp'),
    getOAuthScopes: {},
    explainOAuthConsent: {
      ...missing('explainOAuthConsent'),
      OAuthScopeUnknown: async () =>
        responseOf('explainOAuthConsent', {
          oauthAppId: await madeId(),
          scopes: ['events:publish'],
        }),
    },
    getOAuthGrants: {},
    revokeOAuthGrant: {
      OAuthGrantNotFound: async () =>
        (await hub.call('revokeOAuthGrant', { oauthGrantId: 'no' }, team.owner)).body,
    },
  };
}
