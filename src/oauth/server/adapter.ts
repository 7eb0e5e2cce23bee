import type { Adapter, AdapterPayload } from 'oidc-provider';

import type { Clock } from '../../platform/clock.js';
import { type OAuthRecordRow, type OAuthStore, recordId } from '../store.js';
import { newSeed } from '../tokens/tokenValue.js';
import { decideReuse } from './grace.js';
import type { Seals } from './seal.js';

/** One token request, as far as what is done twice must end alike. */
export interface RequestContext {
  /** A request for tokens, not one that looks at a token. */
  readonly isTokenRequest: boolean;
  /** For how long a used refresh token of the app that asks gives the same successor. */
  readonly graceSeconds: number;
  /** What the tokens of this request are made of, if they are to be those of another one. */
  successorSeed: string | undefined;
}

export interface AdapterDeps {
  readonly store: OAuthStore;
  readonly seals: Seals;
  readonly clock: Clock;
  /** The request under way; `undefined` outside of one. */
  requestContext(): RequestContext | undefined;
  /** The refusal of a code or token that was used before; the authorization server’s own error. */
  reusedError(): Error;
  loadClient(id: string): Promise<AdapterPayload | undefined>;
  /** Something that callers come with may be worth nothing from now on. */
  onRevoked(): void;
}

/** Rows that one request makes and no other may change: written twice they stay what they were. */
const WRITTEN_ONCE = new Set([
  'AccessToken',
  'AuthorizationCode',
  'ClientCredentials',
  'RefreshToken',
]);

/**
 * The storage of the authorization server: https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.md.
 * Values are kept as hashes, what is noted of them sealed. Times are the hub’s: what the library reads by the clock of its
 * process is moved to it.
 */
export function createAdapter(deps: AdapterDeps) {
  return (kind: string): Adapter => {
    if (kind === 'Client') return clientAdapter(deps);
    return kind === 'Grant' ? grantAdapter(deps) : recordAdapter(deps, kind);
  };
}

function recordAdapter(deps: AdapterDeps, kind: string): Adapter {
  const { store, clock } = deps;
  const idOf = (value: string) => recordId(kind, value);

  async function payloadOf(row: OAuthRecordRow | undefined): Promise<AdapterPayload | undefined> {
    const payload = row && open(deps, row);
    if (!row || !payload) return undefined;
    return { ...payload, ...(isUsed(deps, row) && { consumed: true }) };
  }

  return {
    async upsert(value, { jti, ...payload }, expiresIn) {
      const id = idOf(value);
      const noted = KEEPS_ID.has(kind) ? { ...payload, jti } : payload;
      const second = payload['uid'] ?? payload['userCode'];
      const set = {
        app: payload['clientId'],
        grant: payload['grantId'],
        ...(typeof second === 'string' && { lookup: recordId(`${kind}:lookup`, second) }),
        ...sealRecord(deps, { id, payload: noted, expiresIn }),
      };
      if (await store.insertRecord({ ...set, id, kind, createdAt: clock.now() })) return;
      if (kind === 'ReplayDetection') throw deps.reusedError();
      if (!WRITTEN_ONCE.has(kind)) await store.changeRecord(id, set);
    },
    async find(value) {
      const payload = await payloadOf(await store.loadRecord(idOf(value)));
      return payload && { ...payload, jti: value };
    },
    findByUid: async (uid) =>
      payloadOf(await store.loadByLookup(kind, recordId(`${kind}:lookup`, uid))),
    findByUserCode: async (code) =>
      payloadOf(await store.loadByLookup(kind, recordId(`${kind}:lookup`, code))),
    consume: (value) => consume(deps, idOf(value)),
    async destroy(value) {
      await store.removeRecord(idOf(value));
      deps.onRevoked();
    },
    async revokeByGrantId(grant) {
      await store.removeRecordsOfGrant(grant, kind);
      deps.onRevoked();
    },
  };
}

/** Found by something else than their value, which has to be known then. */
const KEEPS_ID = new Set(['Session', 'DeviceCode']);

/** Exactly one of many gets through; of refresh tokens the others get what it gets, for a moment. */
async function consume(deps: AdapterDeps, id: string): Promise<void> {
  const { store, seals, clock } = deps;
  const requestContext = deps.requestContext();
  const seed = newSeed();
  const successor = seals.seal(seed, `${id}:successor`);
  const set = { consumedAt: clock.now(), successor };
  if (await store.changeRecord(id, set, { consumedAt: undefined })) {
    if (requestContext) requestContext.successorSeed = seed;
    return;
  }
  const row = await store.loadRecord(id);
  if (row?.kind === 'RefreshToken' && row.consumedAt && !isUsed(deps, row)) {
    const first = seals.open(row.successor ?? '', `${id}:successor`);
    if (requestContext && first !== undefined) {
      requestContext.successorSeed = first;
      return;
    }
  }
  // Whoever came second may be a thief, and so may have been the first.
  if (row?.grant !== undefined) {
    await store.removeGrant(row.grant);
    await store.removeRecordsOfGrant(row.grant);
    deps.onRevoked();
  }
  throw deps.reusedError();
}

function isUsed(
  { requestContext: turn, clock }: AdapterDeps,
  { kind, consumedAt }: OAuthRecordRow,
): boolean {
  const current = turn();
  const graceSeconds =
    kind === 'RefreshToken' && current?.isTokenRequest ? current.graceSeconds : 0;
  return decideReuse(consumedAt, { graceSeconds, now: clock.now() }) === 'reused';
}

function grantAdapter(deps: AdapterDeps): Adapter {
  const { store } = deps;
  return {
    async upsert(id, payload) {
      // It was stored when it was approved, with the organization that was chosen and its end.
      await store.changeGrant(id, { payload: deps.seals.seal(JSON.stringify(payload), id) });
    },
    async find(id) {
      const row = await store.loadGrant(id);
      const payload = row && open(deps, row);
      return payload && { ...payload, jti: id };
    },
    async destroy(id) {
      await store.removeGrant(id);
      deps.onRevoked();
    },
    ...unsupported('findByUid', 'findByUserCode', 'consume', 'revokeByGrantId'),
  };
}

function clientAdapter({ loadClient }: AdapterDeps): Adapter {
  return {
    find: loadClient,
    ...unsupported(
      'upsert',
      'destroy',
      'findByUid',
      'findByUserCode',
      'consume',
      'revokeByGrantId',
    ),
  };
}

/** What the library asks of no such row. */
function unsupported<const Names extends readonly string[]>(...names: Names) {
  const refuse = (name: string) => (): Promise<never> =>
    Promise.reject(new Error(`The authorization server was not expected to ask for ${name}.`));
  return Object.fromEntries(names.map((name) => [name, refuse(name)])) as {
    [K in Names[number]]: () => Promise<never>;
  };
}

interface Sealable {
  readonly id: string;
  readonly payload: AdapterPayload;
  readonly expiresIn: number | undefined;
}

const FOREVER_SECONDS = 315_360_000;

function sealRecord({ seals, clock }: AdapterDeps, { id, payload, expiresIn }: Sealable) {
  const seconds = Number.isFinite(expiresIn) ? Number(expiresIn) : FOREVER_SECONDS;
  return {
    payload: seals.seal(JSON.stringify(payload), id),
    expiresAt: new Date(clock.now().getTime() + seconds * 1000),
  };
}

/** Seconds since 1970, in what the library notes. */
const TIMES = ['iat', 'exp', 'iiat', 'loginTs', 'authTime'];

function open(
  { seals, clock }: AdapterDeps,
  row: { readonly id: string; readonly payload: string; readonly expiresAt?: Date | undefined },
): AdapterPayload | undefined {
  const text = seals.open(row.payload, row.id);
  if (text === undefined) return undefined;
  const payload = JSON.parse(text) as AdapterPayload;
  if (!row.expiresAt || payload.exp === undefined) return payload;
  const leftSeconds = (row.expiresAt.getTime() - clock.now().getTime()) / 1000;
  // eslint-disable-next-line no-restricted-syntax -- the library compares with the clock of its process
  const moved = Math.ceil(Date.now() / 1000 + leftSeconds) - payload.exp;
  const times = TIMES.filter((name) => typeof payload[name] === 'number').map((name) => [
    name,
    Number(payload[name]) + moved,
  ]);
  return { ...payload, ...(Object.fromEntries(times) as object) };
}
