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

/** What makes each function about connections answer each error that it declares. */
export function connectionProvocations({
  hub,
  provider,
  responseOf: answerOf,
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
  /** A consent that was asked for. */
  async function begun(change: object = {}) {
    const { connection, url } = await resultOf('startConnection', byConsent(change));
    const state = new URL(url as string).searchParams.get('state');
    return { state, connectionId: connection.id as string };
  }
  /** A connection as the operator's settings of another day have left it. */
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
      ConnectorNotFound: () => answerOf(name, { ...named, connector: 'no' }),
      AuthMethodNotFound: () => answerOf(name, { ...named, connector: 'acme', authMethod: 'no' }),
      FieldsNotUsable: () =>
        answerOf(name, { ...named, connector: 'acme', fields: { region: 'mars' } }),
    };
  };

  return {
    createConnection: {
      ...refusedConnection('createConnection', { authMethod: 'key', credential: { token: KEY } }),
      ConsentNeeded: () => answerOf('createConnection', byKey({ authMethod: 'consent' })),
      CredentialRefused: () =>
        answerOf('createConnection', byKey({ credential: { token: 'key_wrong' } })),
      ServiceUnreachable: () => answerOf('createConnection', byKey({ connector: 'gone' })),
    },
    startConnection: {
      ...refusedConnection('startConnection', { authMethod: 'consent', client: CLIENT }),
      ConsentNotNeeded: () => answerOf('startConnection', byConsent({ authMethod: 'key' })),
      ClientMissing: () => answerOf('startConnection', byConsent({ client: undefined })),
      ServiceUnreachable: () =>
        answerOf('startConnection', byConsent({ connector: 'gone', authMethod: 'old' })),
      ReturnUrlNotAllowed: () =>
        answerOf('startConnection', byConsent({ returnUrl: 'https://evil.example/' })),
    },
    finishConnection: {
      AttemptNotValid: () => answerOf('finishConnection', { state: 'x', code: CODE }),
      ConsentRefused: async () =>
        answerOf('finishConnection', { state: (await begun()).state, code: 'wrong' }),
      ServiceUnreachable: async () =>
        answerOf('finishConnection', {
          state: (await begun({ connector: 'gone' })).state,
          code: CODE,
        }),
      async ConnectionChanged() {
        const { state, connectionId } = await begun();
        provider.onTokenRequest = async () => {
          await resultOf('disconnectConnection', { connectionId });
          return undefined;
        };
        const body = await answerOf('finishConnection', { state, code: CODE });
        provider.onTokenRequest = undefined;
        return body;
      },
    },
    reconnectConnection: {
      ConnectorNotFound: async () =>
        answerOf('reconnectConnection', {
          connectionId: await copied({ connector: 'removed' }),
          credential: { token: KEY },
        }),
      ConnectionNotFound: () => answerOf('reconnectConnection', { connectionId: 'no' }),
      ConnectionChanged: () =>
        refusalOfTwenty('reconnectConnection', {
          code: connectionErrors.ConnectionChanged.spec.code,
          prepare: async () => ({ connectionId: (await begun()).connectionId }),
        }),
      ConsentNeeded: async () =>
        answerOf('reconnectConnection', {
          connectionId: (await begun()).connectionId,
          credential: { token: KEY },
        }),
      ConsentNotNeeded: async () =>
        answerOf('reconnectConnection', { connectionId: await madeConnection() }),
      ClientMissing: async () =>
        answerOf('reconnectConnection', { connectionId: await copied({ authMethod: 'consent' }) }),
      ReturnUrlNotAllowed: async () =>
        answerOf('reconnectConnection', {
          connectionId: (await begun()).connectionId,
          returnUrl: 'https://evil.example/',
        }),
      CredentialRefused: async () =>
        answerOf('reconnectConnection', {
          connectionId: await madeConnection(),
          credential: { token: 'key_wrong' },
        }),
      ServiceUnreachable: async () =>
        answerOf('reconnectConnection', {
          connectionId: await copied({ connector: 'gone' }),
          credential: { token: KEY },
        }),
      FieldsNotUsable: async () =>
        answerOf('reconnectConnection', { connectionId: await madeConnection(), credential: {} }),
    },
    getConnections: {},
    testConnections: {},
    disconnectConnections: {},
    testConnection: {
      ConnectorNotFound: async () =>
        answerOf('testConnection', { connectionId: await copied({ connector: 'removed' }) }),
      ConnectionNotFound: () => answerOf('testConnection', { connectionId: 'no' }),
      ConnectionNotUsable: async () =>
        answerOf('testConnection', { connectionId: (await begun()).connectionId }),
    },
    validateCredentials: {
      ...refusedConnection('validateCredentials', {
        authMethod: 'key',
        credential: { token: KEY },
      }),
      ConsentNeeded: () => answerOf('validateCredentials', given({ authMethod: 'consent' })),
      CredentialRefused: () =>
        answerOf('validateCredentials', given({ credential: { token: 'key_wrong' } })),
      ServiceUnreachable: () => answerOf('validateCredentials', given({ connector: 'gone' })),
    },
    disconnectConnection: {
      ConnectionNotFound: () => answerOf('disconnectConnection', { connectionId: 'no' }),
      ConnectionChanged: () =>
        refusalOfTwenty('disconnectConnection', {
          code: connectionErrors.ConnectionChanged.spec.code,
          prepare: async () => ({ connectionId: await madeConnection() }),
        }),
    },
  };
}
