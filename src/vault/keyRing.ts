import { type KeyObject, randomBytes } from 'node:crypto';

import { StartRefused } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import { decrypt, DoesNotOpen, encrypt } from './aead.js';
import { boundTo } from './context.js';
import { checkValueOf, deriveKey, hasCheckValue, SALT_BYTES } from './deriveKey.js';
import { vaultErrors } from './errors.js';
import type { Kms } from './kms.js';
import type { KeyRow, KeyState, VaultStore } from './store.js';

export interface KeyRingDeps {
  readonly store: VaultStore;
  readonly clock: Clock;
  readonly log: Log;
  /** HUB_SECRET, from which new keys are derived; then the previous ones, while it is being changed. */
  readonly secrets: readonly [string, ...string[]];
  readonly iterations: number;
  readonly calls: RotationCalls;
}

/** The names, with the host's prefixes, of the calls that a change of HUB_SECRET needs. */
export interface RotationCalls {
  readonly rotateFunction: string;
  readonly statusFunction: string;
  readonly reencryptJob: string;
}

/** The hub's own KMS: keys derived from HUB_SECRET, their versions in rows of EncryptionKey. */
export interface KeyRing extends Kms {
  /**
   * Reads the keys and derives those that are in use; creates the first one. Throws an Error with a message for the
   * operator when a key derives from none of the secrets.
   */
  load(): Promise<void>;
  /** Creates a key and, unless it is only staged, makes it the active one. Throws KeyReplaced. */
  rotate(rotation: { readonly replace: string; readonly stage: boolean }): Promise<void>;
  /** Every key, oldest first. */
  rows(): Promise<readonly KeyRow[]>;
  /** Marks a key as one that encrypts values of the host. Returns false when it is retired or does not exist. */
  keepForHost(keyId: string): Promise<boolean>;
  /** Retires a replaced key that no longer encrypts any value. */
  retire(row: KeyRow): Promise<void>;
}

/** Other processes may encrypt with a replaced key for this long. */
export const RING_AGE_MS_MAX = 60_000;

/** The derived keys of this process. */
interface OpenKeys {
  load(): Promise<void>;
  activeId(): Promise<string>;
  /** Throws DoesNotOpen when there is no such key, or it is retired. */
  get(keyId: string): Promise<KeyObject>;
}

function openKeys(deps: KeyRingDeps): OpenKeys {
  /** By what they are derived from: a reload derives only the new ones. */
  const derived = new Map<string, KeyObject>();
  let keys = new Map<string, KeyObject>();
  let active: string | undefined;
  let loadedAtMs = -Infinity;
  let loading: Promise<void> | undefined;

  async function loadNow(): Promise<void> {
    const all = await loadOrMake(deps);
    const next = new Map<string, KeyObject>();
    for (const row of all) {
      if (row.state === 'retired') continue;
      const source = `${row.salt}.${row.checkValue}`;
      const key = derived.get(source) ?? (await keyOf(row, deps));
      derived.set(source, key);
      next.set(row.id, key);
    }
    keys = next;
    active = all.find(({ state }) => state === 'active')?.id;
    loadedAtMs = performance.now();
  }

  const load = () => (loading ??= loadNow().finally(() => (loading = undefined)));
  return {
    load,
    async activeId() {
      if (performance.now() - loadedAtMs > RING_AGE_MS_MAX) await load();
      if (active === undefined) throw new Error('There is no active encryption key.');
      return active;
    },
    async get(keyId) {
      const known = keys.get(keyId);
      if (known) return known;
      // Another process may have just created it. At most once a second, because an id may be forged.
      if (performance.now() - loadedAtMs > 1_000) await load();
      const found = keys.get(keyId);
      if (!found)
        throw new DoesNotOpen('An encrypted value names a key that does not exist or is retired.');
      return found;
    },
  };
}

export function createKeyRing(deps: KeyRingDeps): KeyRing {
  const { store, clock } = deps;
  const keys = openKeys(deps);
  /** Keys that this process has marked. */
  const kept = new Set<string>();
  return {
    load: () => keys.load(),
    current: () => keys.activeId(),
    rows: () => store.keys(),

    async generate(context) {
      const keyId = await keys.activeId();
      const plain = randomBytes(32);
      const bound = boundTo(context, keyId, 'data key');
      return { keyId, plain, wrapped: encrypt(await keys.get(keyId), plain, { bound }) };
    },

    async unwrap(keyId, wrapped, context) {
      return decrypt(await keys.get(keyId), wrapped, boundTo(context, keyId, 'data key'));
    },

    async rotate({ replace, stage }) {
      await store.exclusively(async () => {
        const all = await store.keys();
        const current = all.find(({ state }) => state === 'active');
        if (current?.id !== replace) throw vaultErrors.KeyReplaced();
        const staged =
          all.find(({ state }) => state === 'staged') ??
          (await makeKey(deps, { state: 'staged', generation: lastGeneration(all) + 1 }));
        if (stage) return;
        // The new key first, so that there is always an active one; of two active keys the later one is used.
        const now = clock.now();
        await store.changeKey(staged, { state: 'active', activatedAt: now });
        await store.changeKey(current, { state: 'decryptOnly', replacedAt: now });
      });
      await keys.load();
      if (!stage) await store.wakeReencrypt();
    },

    async keepForHost(keyId) {
      while (!kept.has(keyId)) {
        const row = (await store.keys()).find(({ id }) => id === keyId);
        if (!row || row.state === 'retired') {
          await keys.load();
          return false;
        }
        if (row.usedByHost || (await store.changeKey(row, { usedByHost: true }))) kept.add(keyId);
      }
      return true;
    },

    async retire(row) {
      // Not when it was marked meanwhile.
      if (!(await store.changeKey(row, { state: 'retired', retiredAt: clock.now() }))) return;
      deps.log.info({ keyId: row.id }, 'vault.keyRetired');
      await keys.load();
    },
  };
}

const lastGeneration = (rows: readonly KeyRow[]) => rows.at(-1)?.generation ?? 0;

/**
 * Loads the keys and creates the first one. A crash during a rotation leaves two active keys: the earlier one is
 * replaced.
 */
async function loadOrMake(deps: KeyRingDeps): Promise<readonly KeyRow[]> {
  const { store, clock } = deps;
  let all = await store.keys();
  if (all.length === 0) {
    await makeKey(deps, { state: 'active', generation: 1 });
    all = await store.keys();
  }
  const actives = all.filter(({ state }) => state === 'active');
  for (const older of actives.slice(0, -1)) {
    await store.changeKey(older, { state: 'decryptOnly', replacedAt: clock.now() });
  }
  return actives.length > 1 ? store.keys() : all;
}

/** Stores a new key and returns it. When another process stored this generation first, returns that one. */
async function makeKey(
  { store, clock, secrets, iterations }: KeyRingDeps,
  { state, generation }: { readonly state: KeyState; readonly generation: number },
): Promise<KeyRow> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(secrets[0], { salt, iterations });
  const createdAt = clock.now();
  const row = {
    id: newId(),
    state,
    generation,
    iterations,
    salt: salt.toString('base64url'),
    checkValue: checkValueOf(key),
    ...(state === 'active' && { activatedAt: createdAt }),
    revision: 0,
    createdAt,
  };
  if (await store.insertKey({ ...row, readers: [] })) return { ...row, updatedAt: createdAt };
  const others = (await store.keys()).find((other) => other.generation === generation);
  if (!others) throw new Error('An encryption key could not be stored.');
  return others;
}

async function keyOf(row: KeyRow, { secrets, calls }: KeyRingDeps): Promise<KeyObject> {
  const { iterations } = row;
  const salt = Buffer.from(row.salt, 'base64url');
  for (const secret of secrets) {
    const key = await deriveKey(secret, { salt, iterations });
    if (hasCheckValue(key, row.checkValue)) return key;
  }
  throw new StartRefused(
    `HUB_SECRET is not the one that the secrets in this database were encrypted with. Set it to the previous value. To change it, set the previous value as HUB_PREVIOUS_SECRET (option previousSecrets) beside the new one, call ${calls.rotateFunction}, run the job ${calls.reencryptJob}, and remove it when ${calls.statusFunction} shows its key as retired.`,
  );
}
