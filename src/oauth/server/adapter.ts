import type { Adapter, AdapterPayload } from 'oidc-provider';

import type { Clock } from '../../platform/clock.js';
import { type OAuthRecordRow, type OAuthStore, recordId } from '../store.js';
import { newSeed } from '../tokens/tokenValue.js';
import { decideReuse } from './grace.js';
import type { RequestNotes } from './requestNotes.js';
import type { Seals } from './seal.js';

/** The request to the authorization server that is being handled. */
export interface RequestContext {
  /** Whether it is a request to the token endpoint, and not one that only looks at a token. */
  readonly isTokenRequest: boolean;
  /** The id of the requesting app, once it is known. */
  readonly appId?: string | undefined;
  /** How long a used refresh token of the requesting app returns the same successor. */
  readonly graceSeconds: number;
  /** `successorSeed` is set here when the request consumes a code or a refresh token. */
  readonly notes: Pick<RequestNotes, 'successorSeed'>;
}

export interface AdapterDeps {
  readonly store: OAuthStore;
  readonly seals: Seals;
  readonly clock: Clock;
  /** The request that is being handled; `undefined` outside of one. */
  requestContext(): RequestContext | undefined;
  /** The library’s own error for a code or token that was used before. */
  reusedError(): Error;
  /** The library’s own error for a device that asks too often. */
  slowDownError(): Error;
  /** Whether a device asks too early for the tokens of a device code, by the id of its record. */
  isPolledTooFast(recordId: string): Promise<boolean>;
  loadClient(id: string): Promise<AdapterPayload | undefined>;
  /** Called when tokens may have been revoked. */
  onRevoked(): void;
}

/** Kinds of rows that are never changed after they were inserted: a second write leaves them as they are. */
const WRITTEN_ONCE = new Set([
  'AccessToken',
  'AuthorizationCode',
  'ClientCredentials',
  'RefreshToken',
]);

/**
 * The storage of the authorization server: https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.md.
 * Tokens, codes and cookies are stored as hashes, and their payloads are encrypted. Expiry follows the hub’s clock: times in a
 * payload are shifted when it is read, because the library compares them with the clock of its process.
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
        ...issuerField(payload),
        ...(typeof second === 'string' && { lookup: recordId(`${kind}:lookup`, second) }),
        ...sealRecord(deps, { id, payload: noted, expiresIn }),
      };
      if (await store.insertRecord({ ...set, id, kind, createdAt: clock.now() })) return;
      if (kind === 'ReplayDetection') throw deps.reusedError();
      if (!WRITTEN_ONCE.has(kind)) await store.changeRecord(id, set);
    },
    async find(value) {
      const row = await store.loadRecord(idOf(value));
      if (kind === 'DeviceCode' && row) await checkPoll(deps, row);
      const payload = await payloadOf(row);
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

/** Makes a device wait that asks for its tokens too often. Requests of other apps do not count. */
async function checkPoll(deps: AdapterDeps, row: OAuthRecordRow): Promise<void> {
  const current = deps.requestContext();
  if (current?.isTokenRequest !== true || row.app !== current.appId) return;
  if (await deps.isPolledTooFast(row.id)) throw deps.slowDownError();
}

/** Kinds that are also found by something else than their id, so that the payload has to hold the id. */
const KEEPS_ID = new Set(['Session', 'DeviceCode']);

/**
 * Consumes a code or a refresh token. Exactly one of several concurrent requests succeeds. Within the grace period, a
 * repeated request with a refresh token gets the same successor; any other second use ends the grant with all its
 * tokens and throws.
 */
async function consume(deps: AdapterDeps, id: string): Promise<void> {
  const { store, seals, clock } = deps;
  const requestContext = deps.requestContext();
  const seed = newSeed();
  const successor = seals.seal(seed, `${id}:successor`);
  const set = { consumedAt: clock.now(), successor };
  if (await store.changeRecord(id, set, { consumedAt: undefined })) {
    if (requestContext) requestContext.notes.successorSeed = seed;
    return;
  }
  const row = await store.loadRecord(id);
  if (row?.kind === 'RefreshToken' && row.consumedAt && !isUsed(deps, row)) {
    const first = seals.open(row.successor ?? '', `${id}:successor`);
    if (requestContext && first !== undefined) {
      requestContext.notes.successorSeed = first;
      return;
    }
  }
  // One of the two requests may come from a thief, and nothing shows which.
  if (row?.grant !== undefined) {
    await store.removeGrant(row.grant);
    await store.removeRecordsOfGrant(row.grant);
    deps.onRevoked();
  }
  throw deps.reusedError();
}

function isUsed(
  { requestContext, clock }: AdapterDeps,
  { kind, consumedAt }: OAuthRecordRow,
): boolean {
  const current = requestContext();
  const graceSeconds =
    kind === 'RefreshToken' && current?.isTokenRequest ? current.graceSeconds : 0;
  return decideReuse(consumedAt, { graceSeconds, now: clock.now() }) === 'reused';
}

function grantAdapter(deps: AdapterDeps): Adapter {
  const { store } = deps;
  return {
    async upsert(id, payload) {
      // The row exists since the approval, which stored the organization and the expiry.
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

/** Methods that the library does not call for this kind of row. */
function unsupported<const Names extends readonly string[]>(...names: Names) {
  const refuse = (name: string) => (): Promise<never> =>
    Promise.reject(
      new Error(`The authorization server called ${name}, which this kind of row does not have.`),
    );
  return Object.fromEntries(names.map((name) => [name, refuse(name)])) as {
    [K in Names[number]]: () => Promise<never>;
  };
}

/** The member as whom a token of an app itself acts, by which such tokens are found when the member leaves. */
function issuerField({ extra }: AdapterPayload): Pick<OAuthRecordRow, 'issuer'> {
  const issuer = extra?.['owner_id'];
  return typeof issuer === 'string' ? { issuer } : {};
}

interface RecordToEncrypt {
  readonly id: string;
  readonly payload: AdapterPayload;
  readonly expiresIn: number | undefined;
}

const FOREVER_SECONDS = 315_360_000;

function sealRecord({ seals, clock }: AdapterDeps, { id, payload, expiresIn }: RecordToEncrypt) {
  const seconds = Number.isFinite(expiresIn) ? Number(expiresIn) : FOREVER_SECONDS;
  return {
    payload: seals.seal(JSON.stringify(payload), id),
    expiresAt: new Date(clock.now().getTime() + seconds * 1000),
  };
}

/** Members of the library’s payloads that are times, in seconds since 1970. */
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
  const shiftSeconds = Math.ceil(Date.now() / 1000 + leftSeconds) - payload.exp;
  const times = TIMES.filter((name) => typeof payload[name] === 'number').map((name) => [
    name,
    Number(payload[name]) + shiftSeconds,
  ]);
  return { ...payload, ...(Object.fromEntries(times) as object) };
}
