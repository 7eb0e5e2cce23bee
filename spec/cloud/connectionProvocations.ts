import type { Client } from '../../cloud/manifest.js';
import { ServiceConnection } from '../../schemas/index.js';
import { connectionErrors } from '../../src/connections/index.js';
import type { RowOf } from '../../src/contract/index.js';
import { newId } from '../../src/platform/ids.js';
import { CODE, KEY, type Provider } from '../connections/provider.js';
import type { Json, TestHub } from '../support/hub.js';

const CLIENT = { clientId: 'client', clientSecret: 'secret' };

interface Calling {
  readonly hub: TestHub;
  readonly provider: Provider;
  responseOf(name: keyof Client, params: Record<string, unknown>): Promise<Json>;
  resultOf(name: keyof Client, params: Record<string, unknown>): Promise<Json>;
  refusalOfTwenty(
    name: keyof Client,
    options: { code: number; prepare: () => Promise<Record<string, unknown>> },
  ): Promise<Json>;
}

/** Returns calls that provoke each declared error of the functions about connections. */
export function connectionProvocations({
  hub,
  provider,
  responseOf,
  resultOf,
  refusalOfTwenty,
}: Calling) {
  const byKey = (change: object = {}) => ({
    connector: 'acme',
    authMethod: 'key',
    name: 'c',
    credential: { token: KEY },
    ...change,
  });
  const byConsent = (change: object = {}) => ({
    connector: 'acme',
    authMethod: 'consent',
    name: 'c',
    client: CLIENT,
    browser: false,
    ...change,
  });
  async function madeConnection(): Promise<string> {
    return (await resultOf('createConnection', byKey())).connection.id;
  }
  /** Starts a connection by consent, without finishing it. */
  async function begun(change: object = {}) {
    const { connection, url } = await resultOf('startConnection', byConsent(change));
    const state = new URL(url as string).searchParams.get('state');
    return { state, connectionId: connection.id as string };
  }
  /** Stores a connection that no longer fits the operator's settings, and returns its id. */
  async function copied(change: Partial<RowOf<typeof ServiceConnection>>): Promise<string> {
    const [row] = await hub.app.database.loadMany(ServiceConnection, [await madeConnection()]);
    if (!row) throw new Error('The connection is not there.');
    const id = newId();
    const copy = { ...row, id, readers: [], sealedCredential: undefined, ...change };
    await hub.app.database.insertMany(ServiceConnection, [copy]);
    return id;
  }
  function given(change: object = {}) {
    const { name: _name, ...others } = byKey(change);
    return others;
  }
  const refusedConnection = (name: keyof Client, params: object) => {
    const named = name === 'validateCredentials' ? params : { ...params, name: 'c' };
    return {
      ConnectorNotFound: () => responseOf(name, { ...named, connector: 'no' }),
      AuthMethodNotFound: () => responseOf(name, { ...named, connector: 'acme', authMethod: 'no' }),
      FieldsNotUsable: () =>
        responseOf(name, { ...named, connector: 'acme', fields: { region: 'mars' } }),
    };
  };

  const accessControl = { kind: 'listed', members: ['nobodyAtAll'] };

  return {
    createConnection: {
      AccessControlNotUsable: () => responseOf('createConnection', byKey({ accessControl })),
      ...refusedConnection('createConnection', { authMethod: 'key', credential: { token: KEY } }),
      ConsentNeeded: () => responseOf('createConnection', byKey({ authMethod: 'consent' })),
      CredentialRefused: () =>
        responseOf('createConnection', byKey({ credential: { token: 'key_wrong' } })),
      ServiceUnreachable: () => responseOf('createConnection', byKey({ connector: 'gone' })),
    },
    startConnection: {
      AccessControlNotUsable: () => responseOf('startConnection', byConsent({ accessControl })),
      ...refusedConnection('startConnection', { authMethod: 'consent', client: CLIENT }),
      ConsentNotNeeded: () => responseOf('startConnection', byConsent({ authMethod: 'key' })),
      ClientMissing: () => responseOf('startConnection', byConsent({ client: undefined })),
      ServiceUnreachable: () =>
        responseOf('startConnection', byConsent({ connector: 'gone', authMethod: 'old' })),
      ReturnUrlNotAllowed: () =>
        responseOf('startConnection', byConsent({ returnUrl: 'https://evil.example/' })),
    },
    finishConnection: {
      OAuthStateNotValid: () => responseOf('finishConnection', { state: 'x', code: CODE }),
      ConsentRefused: async () =>
        responseOf('finishConnection', { state: (await begun()).state, code: 'wrong' }),
      ServiceUnreachable: async () =>
        responseOf('finishConnection', {
          state: (await begun({ connector: 'gone' })).state,
          code: CODE,
        }),
      async ConnectionChanged() {
        const { state, connectionId } = await begun();
        provider.onTokenRequest = async () => {
          await resultOf('disconnectConnection', { connectionId });
          return undefined;
        };
        const body = await responseOf('finishConnection', { state, code: CODE });
        provider.onTokenRequest = undefined;
        return body;
      },
    },
    reconnectConnection: {
      ConnectorNotFound: async () =>
        responseOf('reconnectConnection', {
          connectionId: await copied({ connector: 'removed' }),
          credential: { token: KEY },
        }),
      ConnectionNotFound: () => responseOf('reconnectConnection', { connectionId: 'no' }),
      ConnectionChanged: () =>
        refusalOfTwenty('reconnectConnection', {
          code: connectionErrors.ConnectionChanged.spec.code,
          prepare: async () => ({ connectionId: (await begun()).connectionId }),
        }),
      ConsentNeeded: async () =>
        responseOf('reconnectConnection', {
          connectionId: (await begun()).connectionId,
          credential: { token: KEY },
        }),
      ConsentNotNeeded: async () =>
        responseOf('reconnectConnection', { connectionId: await madeConnection() }),
      ClientMissing: async () =>
        responseOf('reconnectConnection', {
          connectionId: await copied({ authMethod: 'consent' }),
        }),
      ReturnUrlNotAllowed: async () =>
        responseOf('reconnectConnection', {
          connectionId: (await begun()).connectionId,
          returnUrl: 'https://evil.example/',
        }),
      CredentialRefused: async () =>
        responseOf('reconnectConnection', {
          connectionId: await madeConnection(),
          credential: { token: 'key_wrong' },
        }),
      ServiceUnreachable: async () =>
        responseOf('reconnectConnection', {
          connectionId: await copied({ connector: 'gone' }),
          credential: { token: KEY },
        }),
      FieldsNotUsable: async () =>
        responseOf('reconnectConnection', { connectionId: await madeConnection(), credential: {} }),
    },
    getConnections: {},
    updateConnection: {
      ConnectionNotFound: () => responseOf('updateConnection', { connectionId: 'no', name: 'x' }),
      ConnectionChanged: () =>
        refusalOfTwenty('updateConnection', {
          code: connectionErrors.ConnectionChanged.spec.code,
          prepare: async () => ({ connectionId: await madeConnection(), name: 'x' }),
        }),
      AccessControlNotUsable: async () =>
        responseOf('updateConnection', { connectionId: await madeConnection(), accessControl }),
    },
    testConnections: {},
    disconnectConnections: {},
    testConnection: {
      ConnectorNotFound: async () =>
        responseOf('testConnection', { connectionId: await copied({ connector: 'removed' }) }),
      ConnectionNotFound: () => responseOf('testConnection', { connectionId: 'no' }),
      ConnectionNotUsable: async () =>
        responseOf('testConnection', { connectionId: (await begun()).connectionId }),
    },
    validateCredentials: {
      ...refusedConnection('validateCredentials', {
        authMethod: 'key',
        credential: { token: KEY },
      }),
      ConsentNeeded: () => responseOf('validateCredentials', given({ authMethod: 'consent' })),
      CredentialRefused: () =>
        responseOf('validateCredentials', given({ credential: { token: 'key_wrong' } })),
      ServiceUnreachable: () => responseOf('validateCredentials', given({ connector: 'gone' })),
    },
    disconnectConnection: {
      ConnectionNotFound: () => responseOf('disconnectConnection', { connectionId: 'no' }),
      ConnectionChanged: () =>
        refusalOfTwenty('disconnectConnection', {
          code: connectionErrors.ConnectionChanged.spec.code,
          prepare: async () => ({ connectionId: await madeConnection() }),
        }),
    },
  };
}
