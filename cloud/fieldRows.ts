import type { JsonSchema } from './jsonSchema.js';

/** One line of a table of parameters or results. */
export interface FieldRow {
  /** From the top, such as `items[].webhook.id`. */
  readonly path: string;
  readonly type: string;
  /** `varies`: in some forms of an object that has several. */
  readonly required: 'yes' | 'no' | 'varies';
  readonly default?: unknown;
  readonly description: string;
}

/** The fields of an object schema, those of inner objects below them. */
export function fieldRows(schema: JsonSchema): FieldRow[] {
  return new Walk(schema.$defs ?? {}).rows('', schema, []);
}

class Walk {
  constructor(private readonly definitions: Readonly<Record<string, JsonSchema>>) {}

  rows(prefix: string, schema: JsonSchema, within: readonly JsonSchema[]): FieldRow[] {
    // What contains itself is written out once.
    if (within.includes(schema)) return [];
    const forms = this.forms(schema);
    const names = new Set(forms.flatMap((form) => Object.keys(form.properties ?? {})));
    return [...names].flatMap((name) => {
      const owners = forms.filter((form) => form.properties?.[name] !== undefined);
      const field = owners
        .map((form) => form.properties?.[name])
        .find((found) => found !== undefined);
      if (field === undefined) return [];
      const needed = owners.filter((form) => form.required?.includes(name)).length;
      const path = prefix + name;
      const row: FieldRow = {
        path,
        type: this.typeOf(merged(owners.map((form) => form.properties?.[name] ?? {}))),
        required: needed === 0 ? 'no' : needed === forms.length ? 'yes' : 'varies',
        description: this.resolve(field).description ?? field.description ?? '',
        ...(field.default !== undefined && { default: field.default }),
      };
      return [row, ...this.below(path, this.resolve(field), [...within, schema])];
    });
  }

  private below(path: string, field: JsonSchema, within: readonly JsonSchema[]): FieldRow[] {
    const inner = field.items && this.resolve(field.items);
    return inner ? this.below(`${path}[]`, inner, within) : this.rows(`${path}.`, field, within);
  }

  /** The object itself, or each object that it may be. */
  private forms(schema: JsonSchema): JsonSchema[] {
    const either = schema.anyOf ?? schema.oneOf;
    if (either) return either.flatMap((form) => this.forms(this.resolve(form)));
    return schema.properties ? [schema] : [];
  }

  private resolve(schema: JsonSchema): JsonSchema {
    const name = schema.$ref?.replace('#/$defs/', '');
    return (name !== undefined && this.definitions[name]) || schema;
  }

  private typeOf(schema: JsonSchema): string {
    const { $ref, anyOf, oneOf, items } = schema;
    if ($ref !== undefined) {
      const target = this.resolve(schema);
      // A reference to the whole, or to something whose type would be itself again.
      return target === schema || target.anyOf ? 'any JSON' : this.typeOf(target);
    }
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
    const either = anyOf ?? oneOf;
    if (either) return [...new Set(either.map((form) => this.typeOf(form)))].join(' | ');
    if (items)
      return `array of ${this.typeOf(items)}${counted(schema.minItems, schema.maxItems, '')}`;
    return plainType(schema);
  }
}

/** A field that several forms of an object have is any of what it is in each. */
function merged(fields: readonly JsonSchema[]): JsonSchema {
  const [first, ...others] = fields;
  return first !== undefined && others.length === 0 ? first : { anyOf: fields };
}

function plainType(schema: JsonSchema): string {
  const types = [schema.type ?? 'any JSON'].flat();
  return types
    .map((type) => (type === 'null' ? type : `${type}${limits(type, schema)}`))
    .join(' | ');
}

const FORMATS: Readonly<Record<string, string>> = { 'date-time': ' (ISO 8601)', uri: ' (URL)' };

function limits(type: string, schema: JsonSchema): string {
  if (type === 'string') {
    const format =
      schema.format === undefined ? '' : (FORMATS[schema.format] ?? ` (${schema.format})`);
    return format + counted(schema.minLength, schema.maxLength, ' characters');
  }
  if (type === 'integer' || type === 'number') return counted(schema.minimum, schema.maximum, '');
  return '';
}

function counted(least: number | undefined, most: number | undefined, what: string): string {
  if (least !== undefined && most !== undefined)
    return `, ${String(least)} to ${String(most)}${what}`;
  if (most !== undefined) return `, at most ${String(most)}${what}`;
  return least === undefined || least === 0 ? '' : `, at least ${String(least)}${what}`;
}
