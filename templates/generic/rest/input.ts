import { z } from 'zod';

import {
  type ActionBody,
  HEADER_NAME,
  isForbiddenHeader,
  type Path,
  path as pathTag,
} from '../../../src/contract/index.js';

// The input of all actions of the connector.

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const path = z
  .string()
  .min(1)
  .max(2_000)
  .describe(
    'The path after the base URL, beginning with a slash: /users/{id}. Special characters are percent-encoded.',
  );

const params = z
  .record(z.string().regex(/^\w{1,100}$/), z.union([z.string().min(1).max(1_000), z.number()]))
  .describe('Values for the {slots} of the path. Each becomes one segment or a part of one.');

const query = z
  .record(z.string().min(1).max(200), z.union([scalar, z.array(scalar).max(1_000)]))
  .describe('A list repeats its name.');

/** Headers set by the connection or the body: servers differ in which of two they read. */
const RESERVED_HEADERS = new Set(['authorization', 'content-type', 'content-encoding']);

const headers = z
  .record(z.string(), z.string().max(4_096))
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given)) {
      const message = problemOfHeader(name, value);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .describe('Headers besides those of the connection, whose credential takes precedence.');

function problemOfHeader(name: string, value: string): string | undefined {
  if (!HEADER_NAME.test(name)) return 'must have a name of letters, digits and hyphens';
  if (isForbiddenHeader(name)) return 'is made from the request and cannot be set';
  if (RESERVED_HEADERS.has(name.toLowerCase())) return 'is set by the connection or by the body';
  // https://www.rfc-editor.org/rfc/rfc9110#section-5.5
  if (!/^[\t\x20-\x7e]*$/.test(value) || value !== value.trim()) {
    return 'must be printable ASCII without spaces at its ends';
  }
  return undefined;
}

const body = z.union(
  [
    z
      .strictObject({ json: z.unknown() })
      .refine(({ json }) => json !== undefined, 'json must be a value'),
    z.strictObject({
      form: z
        .record(z.string(), z.unknown())
        .describe('Objects and lists as name[key] and name[0].'),
    }),
    z.strictObject({
      text: z.string(),
      contentType: z
        .string()
        // https://www.rfc-editor.org/rfc/rfc6838#section-4.2, with parameters
        .regex(/^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?:\s*;[\x20-\x7e]{1,200})?$/)
        .default('text/plain; charset=utf-8'),
    }),
  ],
  { error: 'must be { json }, { form } or { text, contentType }' },
);

const withoutBody = {
  path,
  params: params.optional(),
  query: query.optional(),
  headers: headers.optional(),
};

/** The input of reads and deletes. */
export const address = z.strictObject(withoutBody).superRefine(checkPath);

/** The input of writes. */
export const addressAndBody = z
  .strictObject({ ...withoutBody, body: body.optional() })
  .superRefine(checkPath);

interface Address {
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
}

function checkPath({ path: text, params: values = {} }: Address, context: z.RefinementCtx): void {
  const addIssue = (issuePath: string[], message: string) =>
    context.addIssue({ code: 'custom', path: issuePath, message });
  const problem = problemOfPath(text);
  if (problem !== undefined) addIssue(['path'], problem);
  const slots = new Set([...text.matchAll(SLOT)].map(([, name]) => name ?? ''));
  for (const slot of slots)
    if (!Object.hasOwn(values, slot)) addIssue(['params', slot], 'is in the path and has no value');
  for (const [name, value] of Object.entries(values)) {
    if (!slots.has(name)) addIssue(['params', name], 'is not used in the path: add {name} to it');
    else if (leadsUp(String(value))) addIssue(['params', name], 'must not lead out of its segment');
  }
}

const SLOT = /\{(\w+)\}/g;

/** Paths that a server or proxy may resolve outside of the base URL. */
function problemOfPath(text: string): string | undefined {
  if (!/^\/(?!\/)/.test(text)) return 'must begin with one slash';
  if (/[?#]/.test(text)) return 'must have no ? or #: parameters go into query';
  if (/[\\\0-\x1f\x7f]|%(?:2f|5c|[01][\da-f]|7f)/i.test(text)) {
    return 'must have no backslash, encoded slash or control character';
  }
  if (text.includes('//')) return 'must have no empty segment';
  const segments = text.split('/').map(decodeSegment);
  if (segments.some((segment) => segment === undefined)) return 'is not percent-encoded right';
  return segments.some((segment) => leadsUp(segment ?? ''))
    ? 'must have no segment of dots'
    : undefined;
}

/** Also detects them encoded twice, or after an encoded slash: some servers decode before they split segments. */
function leadsUp(value: string): boolean {
  return value.split(/[\\/]|%2f|%5c/i).some((part) => /^(?:\.|%(?:25)*2e){1,2}$/i.test(part));
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** Returns the path of a checked input. Each segment is decoded, filled in and encoded, so that it cannot become two. */
export function pathFrom({ path: text, params: values = {} }: Address): Path {
  const segments = text.slice(1).split('/');
  const hasSlashAtEnd = segments.at(-1) === '';
  const whole = (hasSlashAtEnd ? segments.slice(0, -1) : segments).map((segment) =>
    // Every second piece is the name of a slot. Decoded text is not a slot, even if it looks like one.
    segment
      .split(/\{(\w+)\}/)
      .map((piece, nth) =>
        nth % 2 === 0 ? (decodeSegment(piece) ?? piece) : String(values[piece] ?? ''),
      )
      .join(''),
  );
  const texts = [...whole.map(() => '/'), hasSlashAtEnd ? '/' : ''];
  return pathTag(Object.assign(texts, { raw: texts }), ...whole);
}

/** Returns the body to send. */
export function bodyFrom(given: z.output<typeof body> | undefined): ActionBody | undefined {
  return given && 'json' in given ? { json: given.json } : given;
}
