import type { JsonSchema } from '../../src/reference/jsonSchema.js';

/** One line of a table of parameters or results. */
export interface FieldRow {
  /** The full path, such as `items[].webhook.id`. */
  readonly path: string;
  readonly type: string;
  /** `varies`: required in some of the object's variants. */
  readonly required: 'yes' | 'no' | 'varies';
  readonly default?: unknown;
  readonly description: string;
}

/** Returns the fields of an object schema. Those of inner objects follow their parent. */
export function fieldRows(schema: JsonSchema): FieldRow[] {
  return new Walk(schema.$defs ?? {}).rows('', schema, []);
}

class Walk {
  constructor(private readonly definitions: Readonly<Record<string, JsonSchema>>) {}

  rows(prefix: string, schema: JsonSchema, within: readonly JsonSchema[]): FieldRow[] {
    // A recursive schema is expanded once.
    if (within.includes(schema)) return [];
    const forms = this.forms(schema);
    const names = new Set(forms.flatMap((form) => Object.keys(form.properties ?? {})));
    return [...names].flatMap((name) => {
      const fields = forms.flatMap((form) => form.properties?.[name] ?? []);
      const field: JsonSchema = fields.length === 1 ? (fields[0] ?? {}) : { anyOf: fields };
      const needed = forms.filter((form) => form.required?.includes(name)).length;
      const given = fields.find((each) => each.default !== undefined)?.default;
      const path = prefix + name;
      const row: FieldRow = {
        path,
        type: this.typeOf(field),
        required: needed === 0 ? 'no' : needed === forms.length ? 'yes' : 'varies',
        description: this.described(fields),
        ...(given !== undefined && { default: given }),
      };
      return [row, ...this.below(path, this.resolve(field), [...within, schema])];
    });
  }

  private below(path: string, field: JsonSchema, within: readonly JsonSchema[]): FieldRow[] {
    const inner = field.items && this.resolve(field.items);
    return inner ? this.below(`${path}[]`, inner, within) : this.rows(`${path}.`, field, within);
  }

  /** Returns the descriptions of a field in all variants, with its value where the value identifies the variant. */
  private described(fields: readonly JsonSchema[]): string {
    const said = fields.flatMap((field) => {
      const description = field.description ?? this.resolve(field).description;
      if (description === undefined) return [];
      const isTag = fields.length > 1 && field.const !== undefined;
      return isTag ? `${JSON.stringify(field.const)}: ${description}` : description;
    });
    return [...new Set(said)].join(' ');
  }

  /** Returns the object schema itself, or each of its variants. */
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
      // A reference to the whole schema, or to a type that would refer to itself.
      return target === schema || target.anyOf ? 'any JSON' : this.typeOf(target);
    }
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
    const either = anyOf ?? oneOf;
    if (either) return [...new Set(either.map((form) => this.typeOf(form)))].join(' | ');
    if (items) {
      const count = counted(schema.minItems, schema.maxItems, ':').replace(',', '');
      return `array of${count} ${this.typeOf(items)}`;
    }
    return plainType(schema);
  }
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
