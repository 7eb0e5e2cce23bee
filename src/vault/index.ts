import type { Clock } from '../platform/clock.js';
import type { LaneWorker } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import { vaultErrors } from './errors.js';
import { hostSources, type HostVaultClass } from './hostClasses.js';
import { createHostVault, type HostVault } from './hostVault.js';
import { createKeyRing, type RotationCalls } from './keyRing.js';
import type { Kms } from './kms.js';
import {
  createReencryption,
  keysInUse,
  progressOf,
  type ReencryptionProgress,
} from './reencrypt.js';
import type { HostRows, KeyRow, VaultStore } from './store.js';
import { createVault, type Vault } from './vault.js';

export { decrypt, DoesNotOpen, encrypt } from './aead.js';
export type { EncryptionContext } from './context.js';
export { ITERATIONS, ITERATIONS_MIN } from './deriveKey.js';
export { vaultErrors } from './errors.js';
export type { HostVaultClass } from './hostClasses.js';
export type {
  HostVault,
  VaultContext,
  VaultJson,
  VaultValidation,
  VaultValue,
} from './hostVault.js';
export { createHttpKms } from './httpKms.js';
export { checkHubSecret } from './hubSecret.js';
export type { RotationCalls } from './keyRing.js';
export type { DataKey, Kms } from './kms.js';
export { type HostRow, type KeyRow, vaultStore } from './store.js';
export type { Vault } from './vault.js';

/** The result of `getEncryptionStatus`. */
interface EncryptionStatus {
  /** Empty when the host's key management service keeps the keys. */
  readonly keys: readonly (KeyRow & { readonly encryptedValues: number })[];
  /** The progress of re-encrypting everything under the active key; `undefined` if it never ran. */
  readonly reencryption: ReencryptionProgress | undefined;
}

/** Encryption of secrets at rest; see README.md beside this file. */
export interface VaultService extends Vault {
  /** Derives the keys, before the first use. Throws StartRefused when HUB_SECRET is not the right one. */
  unlock(): Promise<void>;
  /** Throws KeyReplaced or KeysKeptElsewhere. */
  rotate(rotation: { readonly replace: string; readonly stage: boolean }): Promise<void>;
  status(): Promise<EncryptionStatus>;
  /** Works the lane of kind `reencrypt`. */
  readonly workReencryption: LaneWorker;
  /** Encryption for the host's own code. */
  readonly host: HostVault;
  /** Wakes the lane that re-encrypts everything under the active key. */
  wakeReencrypt(): Promise<void>;
}

export interface VaultDeps {
  readonly app: string;
  readonly store: VaultStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: readonly [string, ...string[]];
  readonly iterations: number;
  /** The host's key management service. Default: keys derived from HUB_SECRET. */
  readonly kms?: Kms | undefined;
  readonly calls: RotationCalls;
  /** The host's classes with values of `hub.vault`: all of them, if there are any here. */
  readonly hostClasses: readonly HostVaultClass[];
  readonly hostRows: HostRows;
}

export function createVaultService(deps: VaultDeps): VaultService {
  const { app, store, clock, log, kms, hostClasses } = deps;
  const ring = createKeyRing(deps);
  const vault = createVault({ app, kms: kms ?? ring });
  const sources = [...store.sources, ...hostSources(hostClasses, deps.hostRows)];
  const coversHost = hostClasses.length > 0;
  return {
    ...vault,
    unlock: async () => {
      if (!kms) await ring.load();
    },
    async rotate(rotation) {
      if (kms) throw vaultErrors.KeysKeptElsewhere();
      await ring.rotate(rotation);
    },
    async status() {
      const [rows, used, state] = await Promise.all([
        kms ? [] : ring.rows(),
        keysInUse({ sources }),
        store.reencryptState(),
      ]);
      const isFinished = state?.['finishedAt'] !== undefined;
      return {
        keys: rows.map((row) => ({ ...row, encryptedValues: used.get(row.id) ?? 0 })),
        reencryption:
          state && (isFinished ? (state as unknown as ReencryptionProgress) : progressOf(state)),
      };
    },
    workReencryption: createReencryption({ sources, coversHost, vault, ring, clock, log }),
    host: createHostVault({
      vault,
      currentKeyId: () => (kms ?? ring).current(),
      keep: (keyId) => (kms ? Promise.resolve(true) : ring.keepForHost(keyId)),
    }),
    wakeReencrypt: () => store.wakeReencrypt(),
  };
}
