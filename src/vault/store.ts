import { EncryptionKey, HubLane, schemas } from '../../schemas/index.js';
import type { ClassSpec, NewRow, RowOf } from '../contract/index.js';
import type { Database, LaneId } from '../platform/database/index.js';
import { exclusively } from '../platform/lanes/index.js';
import type { HostRows, RestRow, Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';
import type { EncryptionContext } from './context.js';

export type KeyRow = RowOf<typeof EncryptionKey>;
export type KeyState = 'staged' | 'active' | 'decryptOnly' | 'retired';

export type { HostRows };
/** A row of a host's class, as REST returns it. */
export type HostRow = RestRow;

/** The lane that re-encrypts everything under the active key; its state is the progress. */
const REENCRYPTION: LaneId = { kind: 'reencrypt', key: 'all' };

/** An encrypted value of a row. `nth` is its position when the field is a list of objects with a member `sealed`. */
export interface SealedField {
  readonly field: string;
  readonly nth?: number;
  readonly sealed: string;
}

/** A row with encrypted values. */
export interface SealedRow {
  readonly id: string;
  readonly fields: readonly SealedField[];
  /** Returns the context of the values of a field. Throws DoesNotOpen when there is none. */
  contextOf(field: string): EncryptionContext;
  /** Replaces encrypted values, unless the row has changed since; returns whether it did. */
  replace(fields: readonly SealedField[]): Promise<boolean>;
}

/** A class with encrypted values, of the hub or of the host. */
export interface SealedSource {
  readonly name: string;
  /** Rows after the id `after`, sorted by id. */
  list(after: string, limit: number): Promise<readonly SealedRow[]>;
}

/** Classes whose schema declares encrypted fields. */
const sealedClasses: readonly ClassSpec[] = schemas.filter(
  (cls: ClassSpec) => cls.sealed !== undefined,
);

/** Reads and writes the rows of the vault; no other file of this domain does. */
export function vaultStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    keys: () => rows.find(EncryptionKey, {}, { sort: { generation: 1 } }),
    /** Returns whether the key was stored: of several keys of one generation only the first is. */
    async insertKey(row: NewRow<typeof EncryptionKey>) {
      const isNew = (await database.insertMany(EncryptionKey, [row])).size === 1;
      if (isNew) noteChange(EncryptionKey, undefined, row);
      return isNew;
    },
    async changeKey(row: KeyRow, set: Partial<KeyRow>) {
      const { id, revision } = row;
      const next = { ...set, revision: revision + 1 };
      const isChanged = await database.change(EncryptionKey, { id, was: { revision }, set: next });
      if (isChanged) noteChange(EncryptionKey, row, { ...row, ...next });
      return isChanged;
    },
    /** One process at a time changes keys. */
    exclusively: <Result>(work: () => Promise<Result>) =>
      exclusively(database, { kind: 'vault', key: 'keys' }, work),
    wakeReencrypt: () => database.wake([REENCRYPTION]),
    async reencryptState(): Promise<Readonly<Record<string, unknown>> | undefined> {
      return (await rows.load(HubLane, { id: `${REENCRYPTION.kind}:${REENCRYPTION.key}` }))?.state;
    },
    /** The hub's own classes with encrypted values. */
    sources: sealedClasses.map((cls): SealedSource => ({
      name: cls.name,
      async list(after, limit) {
        const found = await rows.find(cls, behind(after), { limit, sort: { id: 1 } });
        return found.map((row) => sealedRow(database, cls, row));
      },
    })),
  };
}
export type VaultStore = ReturnType<typeof vaultStore>;

function sealedRow(database: Database, cls: ClassSpec, row: RowOf<ClassSpec>): SealedRow {
  const values = row as Readonly<Record<string, unknown>>;
  return {
    id: row.id,
    contextOf: (field) => ({
      organization: String(values['organization']),
      className: cls.name,
      field,
      recordId: row.id,
    }),
    fields: (cls.sealed ?? []).flatMap((field) => sealedIn(field, values[field])),
    replace(fields) {
      const set = Object.fromEntries(
        fields.map(({ field }) => [
          field,
          replaceSealed(
            values[field],
            fields.filter((each) => each.field === field),
          ),
        ]),
      );
      const was = { revision: values['revision'] };
      return database.change(cls, { id: row.id, was, set });
    },
  };
}

function sealedIn(field: string, value: unknown): SealedField[] {
  if (typeof value === 'string') return [{ field, sealed: value }];
  if (!Array.isArray(value)) return [];
  return (value as { readonly sealed: string }[]).map(({ sealed }, nth) => ({
    field,
    nth,
    sealed,
  }));
}

function replaceSealed(value: unknown, fields: readonly SealedField[]): unknown {
  if (!Array.isArray(value)) return fields[0]?.sealed;
  return (value as object[]).map((item, nth) => {
    const change = fields.find((field) => field.nth === nth);
    return change ? { ...item, sealed: change.sealed } : item;
  });
}

/** Returns the condition for ids after this one. Parse Server on PostgreSQL has no comparison with the empty text. */
function behind(id: string): Record<string, unknown> {
  return id === '' ? {} : { id: { $gt: id } };
}
