import { connectorErrors } from '../errors.js';

/** Values of a connector's fields, by the names of the fields. */
export type FieldValues = Readonly<Record<string, string>>;

/** Replaces each `{slot}` of a text by the value of that name. Throws FieldMissing where there is none or it is empty. */
export function fillIn(text: string, values: FieldValues): string {
  return text.replace(/\{(\w+)\}/g, (_slot, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === '') throw connectorErrors.FieldMissing({ field: name });
    return value;
  });
}
