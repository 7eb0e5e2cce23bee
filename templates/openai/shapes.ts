import { z } from 'zod';

import type { Part } from '../../src/contract/index.js';

// Shapes shared by several operations of OpenAI. https://platform.openai.com/docs/api-reference

export const model = z.string().min(1).describe('A model that listModels returns.');

/** At most 16 keys of 64 characters with values of 512. */
export const metadata = z.record(z.string().max(64), z.string().max(512)).optional();

export const text = z.string().min(1);

/** Their shapes change with each model: unknown members are passed on. */
export const open = z.looseObject({ type: z.string().optional() });

/** A file as a parameter of Parse, which takes JSON. */
export const upload = z.strictObject({
  filename: z.string().min(1).describe('Its extension determines its format.'),
  base64: z.base64(),
  contentType: z.string().optional(),
});

/** Sound and pictures, as they are read: https://developer.mozilla.org/docs/Web/HTTP/MIME_types */
export const bytes = z.looseObject({ base64: z.string(), contentType: z.string() });

export const deleted = z.looseObject({ id: z.string(), deleted: z.boolean() });

export function filePart(name: string, file: z.output<typeof upload>): Part {
  const { filename, base64, contentType = 'application/octet-stream' } = file;
  return { name, filename, contentType, content: { base64 } };
}

/** Lists as `name[]` once for each, objects as `name[key]`, which is how the forms of the documentation have them. */
export function textParts(fields: Readonly<Record<string, unknown>>): Part[] {
  return Object.entries(fields).flatMap(([name, value]): Part[] => {
    if (value === undefined) return [];
    if (Array.isArray(value))
      return value.map((one: unknown) => ({ name: `${name}[]`, content: { text: String(one) } }));
    if (typeof value === 'object' && value !== null) return textParts(renamed(name, value));
    const written = typeof value === 'string' ? value : JSON.stringify(value);
    return [{ name, content: { text: written } }];
  });
}

function renamed(name: string, inner: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(inner).map(([key, value]: [string, unknown]) => [`${name}[${key}]`, value]),
  );
}
