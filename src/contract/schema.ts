/** How a field is stored. A pointer holds the id of a row of `targetClass` and is a Parse pointer on both databases. */
export interface Field<Value, Required extends boolean = boolean> {
  readonly type: 'String' | 'Number' | 'Boolean' | 'Date' | 'Object' | 'Array' | 'Pointer';
  readonly targetClass?: string;
  readonly required: Required;
  readonly summary?: string;
  /** Carries the TypeScript type of the value; never present at run time. */
  readonly _value?: Value;
}

type Make<Value> = {
  (summary?: string): Field<Value, true>;
  optional(summary?: string): Field<Value, false>;
};

function field<Value>(type: Field<Value>['type'], targetClass?: string): Make<Value> {
  const make = <R extends boolean>(required: R, summary?: string): Field<Value, R> => ({
    type,
    required,
    ...(targetClass !== undefined && { targetClass }),
    ...(summary !== undefined && { summary }),
  });
  return Object.assign((summary?: string) => make(true, summary), {
    optional: (summary?: string) => make(false, summary),
  });
}

export const text = field<string>('String');
export const number = field<number>('Number');
export const flag = field<boolean>('Boolean');
export const date = field<Date>('Date');
/** A JSON object. Parse refuses nested keys with `.` or `$`: data from outside is stored as text instead. */
export const json = <Value extends object>() => field<Value>('Object');
export const list = <Item>() => field<readonly Item[]>('Array');
export const pointer = (targetClass: string) => field<string>('Pointer', targetClass);

/** The class that `organization` fields point to; a host with organizations of its own names another. */
export const ORGANIZATION_CLASS = 'Organization';

export interface ClassSpec<
  Fields extends Record<string, Field<unknown>> = Record<string, Field<unknown>>,
> {
  /** PascalCase singular. */
  readonly name: string;
  readonly summary: string;
  readonly fields: Fields;
  /** Ordinary indexes by name, ascending, on top of Parse's own on the id. */
  readonly indexes?: Readonly<Record<string, readonly ((keyof Fields & string) | 'createdAt')[]>>;
  /** Sets of fields whose combined values must be unique; rows that lack one of them are not counted. */
  readonly unique?: Readonly<Record<string, readonly (keyof Fields & string)[]>>;
  /**
   * Who reads rows through Parse itself, besides the master key: the users in each row's ACL, or no user. Only the
   * master key writes.
   */
  readonly read: 'acl' | 'masterKey';
  /** Fields that Parse never returns to any reader. */
  readonly hidden?: readonly (keyof Fields & string)[];
  /**
   * Texts, and lists of texts, that the audit log records as they are: choices, keys, scopes; of a URL its origin.
   * Numbers, flags, dates and pointers are always recorded; of other text only the size is, because entries stay and
   * the text may contain a secret. Hidden fields are never recorded.
   */
  readonly audited?: readonly (keyof Fields & string)[];
  /**
   * Fields with values encrypted by the vault: text, or lists of objects with a member `sealed`. Such a class has a
   * field `revision`.
   */
  readonly sealed?: readonly (keyof Fields & string)[];
  /**
   * `lazy`: a change does not wait until it is on the disk of the database. A crash of the database’s machine may undo
   * the last second of changes; a crash of any other process undoes nothing.
   */
  readonly durability?: 'lazy';
  /**
   * Rows of this class are worked by the holder of a lane: `lane` names the field with the lane's key, `dueAt` the date
   * on which a row is due. A row without that date is finished.
   */
  readonly queue?: {
    readonly kind: string;
    readonly lane: keyof Fields & string;
    readonly dueAt: keyof Fields & string;
  };
}

/** Declares a Parse class; schemas/ has one file for each. */
export function defineClass<const Fields extends Record<string, Field<unknown>>>(
  spec: ClassSpec<Fields>,
): ClassSpec<Fields> {
  return spec;
}

type ValueOf<F> = F extends Field<infer Value> ? Value : never;
type RequiredNames<Fields> = {
  [K in keyof Fields]: Fields[K] extends Field<unknown, true> ? K : never;
}[keyof Fields];

/** A row's own fields, as the platform reads and writes them: dates are `Date`, pointers are ids. */
export type FieldsOf<C extends ClassSpec> = {
  -readonly [K in RequiredNames<C['fields']>]: ValueOf<C['fields'][K]>;
} & {
  -readonly [K in Exclude<keyof C['fields'], RequiredNames<C['fields']>>]?:
    ValueOf<C['fields'][K]> | undefined;
};

interface RowBase {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A stored row of class `C`. */
export type RowOf<C extends ClassSpec> = RowBase & FieldsOf<C>;

/** A row to be stored: `readers` are the Parse roles (without `role:`) that may read it by its ACL. */
export type NewRow<C extends ClassSpec> = FieldsOf<C> & {
  readonly id: string;
  readonly createdAt: Date;
  readonly readers: readonly string[];
};
