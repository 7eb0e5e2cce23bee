import type { Client } from '../../cloud/manifest.js';
import { ApiKey } from '../../schemas/index.js';
import { API_KEYS_MAX } from '../../src/apiKeys/store.js';
import { type Caller, type Json, master, startHub, type TestHub } from '../support/hub.js';
import type { Store } from '../support/store.js';
import { anotherOrganization, type Team } from './team.js';

interface Calling {
  readonly hub: TestHub;
  readonly store: Store;
  readonly team: Team;
  responseOf(name: keyof Client, params: Record<string, unknown>, as?: Caller): Promise<Json>;
  resultOf(name: keyof Client, params: Record<string, unknown>): Promise<Json>;
  refusalOfTwenty(
    name: keyof Client,
    options: { code: number; prepare: () => Promise<Record<string, unknown>> },
  ): Promise<Json>;
}

/** Returns calls that provoke each declared error of the functions about API keys. */
export function apiKeyProvocations({
  hub,
  store,
  team,
  responseOf,
  resultOf,
  refusalOfTwenty,
}: Calling) {
  const request = { name: 'k', scopes: ['webhooks:read'] };
  const made = async (more: object = {}): Promise<Json> =>
    resultOf('createApiKey', { ...request, ...more });
  const madeId = async (more: object = {}): Promise<string> => (await made(more)).apiKey.id;
  const verify = async (params: object) => (await hub.call('verifyApiKey', params, master)).body;

  async function revoked(): Promise<string> {
    const apiKeyId = await madeId();
    await resultOf('revokeApiKey', { apiKeyId });
    return apiKeyId;
  }
  /** An owner gets no key for a scope that they do not hold, not even from the master key. */
  const asViewer = { ownerId: team.viewer.id, scopes: ['webhooks:write'] };

  async function fullOrganization(): Promise<string> {
    const organizationId = await anotherOrganization(hub, team);
    const { id } = (await resultOf('createApiKey', { ...request, organizationId })).apiKey;
    const [row] = await hub.app.database.loadMany(ApiKey, [id]);
    if (!row) throw new Error('The key is not there.');
    const copies = Array.from({ length: API_KEYS_MAX - 1 }, (_, nth) => ({
      ...row,
      id: `keyCopy${String(nth)}`,
      hash: `copy ${String(nth)}`,
      readers: [],
    }));
    await hub.app.database.insertMany(ApiKey, copies);
    return organizationId;
  }
  const missing = (name: keyof Client) => ({
    ApiKeyNotFound: () => responseOf(name, { apiKeyId: 'no' }),
  });

  return {
    createApiKey: {
      ScopesNotHeld: () => responseOf('createApiKey', { ...request, ...asViewer }, master),
      OwnerNotFound: () => responseOf('createApiKey', request, master),
      MasterKeyRequired: () => responseOf('createApiKey', { ...request, ownerId: team.viewer.id }),
      ApiKeyCountReached: async () =>
        responseOf('createApiKey', { ...request, organizationId: await fullOrganization() }),
    },
    getApiKeys: {},
    getApiKey: missing('getApiKey'),
    updateApiKey: {
      ...missing('updateApiKey'),
      ApiKeyNotActive: async () => responseOf('updateApiKey', { apiKeyId: await revoked() }),
      ApiKeyOfAnother: async () => {
        const more = { apiKeyId: await madeId(), scopes: ['webhooks:read', 'events:read'] };
        return responseOf('updateApiKey', more, team.admin);
      },
      async ScopesNotHeld() {
        const asOther = { ownerId: team.viewer.id, organizationId: team.organizationId };
        const { body } = await hub.call('createApiKey', { ...request, ...asOther }, master);
        const apiKeyId = body.result.apiKey.id as string;
        return responseOf('updateApiKey', { apiKeyId, scopes: ['webhooks:write'] }, master);
      },
      ApiKeyChanged: () =>
        refusalOfTwenty('updateApiKey', {
          code: 8102,
          prepare: async () => ({ apiKeyId: await madeId(), name: 'changed' }),
        }),
    },
    rotateApiKey: {
      ...missing('rotateApiKey'),
      ApiKeyNotActive: async () => responseOf('rotateApiKey', { apiKeyId: await revoked() }),
      ApiKeyChanged: () =>
        refusalOfTwenty('rotateApiKey', {
          code: 8102,
          prepare: async () => ({ apiKeyId: await madeId() }),
        }),
    },
    revokeApiKey: missing('revokeApiKey'),
    revokeApiKeys: {},
    verifyApiKey: {
      ApiKeyNotValid: () => verify({ key: 'no' }),
      async ApiKeyEnvironmentNotTaken() {
        const other = await startHub({ store, hub: { apiKeys: { environments: ['live'] } } });
        const { key } = await made({ environment: 'test' });
        const { body } = await other.call('verifyApiKey', { key }, master);
        await other.stop();
        return body;
      },
      ApiKeyAddressNotAllowed: async () =>
        verify({ key: (await made({ addresses: ['192.0.2.7'] })).key, address: '192.0.2.8' }),
      ApiKeyOriginNotAllowed: async () =>
        verify({ key: (await made({ origins: ['https://example.com'] })).key }),
      async ApiKeyLimitReached() {
        const { key } = await made({ limits: { monthlyCalls: 1 } });
        await verify({ key });
        return verify({ key });
      },
      PermissionDenied: async () =>
        verify({ key: (await made()).key, permission: 'webhooks:write' }),
    },
    getApiKeyUsage: missing('getApiKeyUsage'),
  };
}
