import { DoesNotOpen } from './aead.js';
import { encryptionContextOf, type VaultContext } from './hostVault.js';
import type { HostRow, HostRows, SealedRow, SealedSource } from './store.js';

/** A class of the host that stores values of `hub.vault`, for the option `vault.classes`. */
export interface HostVaultClass {
  readonly className: string;
  /** Fields that hold an encrypted text each. */
  readonly fields: readonly string[];
  /** Returns the context that the value of a field was encrypted with. */
  contextOf(row: HostRow, field: string): VaultContext;
}

/** Returns the host's classes in the form in which values are re-encrypted and keys are counted. */
export function hostSources(classes: readonly HostVaultClass[], rows: HostRows): SealedSource[] {
  return classes.map((cls) => ({
    // No class has a colon in its name: a class of the hub may have the same one.
    name: `host:${cls.className}`,
    list: async (after, limit) =>
      (await rows.list(cls.className, { after, limit })).map((row) => sealedRow(cls, row, rows)),
  }));
}

function sealedRow(cls: HostVaultClass, row: HostRow, rows: HostRows): SealedRow {
  const { className, fields } = cls;
  return {
    id: row.objectId,
    fields: fields.flatMap((field) => {
      const sealed = row[field];
      return typeof sealed === 'string' ? [{ field, sealed }] : [];
    }),
    contextOf(field) {
      try {
        return encryptionContextOf(cls.contextOf(row, field));
      } catch (cause) {
        throw new DoesNotOpen(`contextOf of the class ${className} gives no context.`, { cause });
      }
    },
    replace(changes) {
      const was = Object.fromEntries(changes.map(({ field }) => [field, String(row[field])]));
      const set = Object.fromEntries(changes.map(({ field, sealed }) => [field, sealed]));
      return rows.replace(className, row.objectId, { was, set });
    },
  };
}
