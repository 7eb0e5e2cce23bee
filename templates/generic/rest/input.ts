import { z } from 'zod';

import {
  type ActionBody,
  HEADER_NAME,
  isForbiddenHeader,
  type Path,
  path as pathTag,
} from '../../../src/contract/index.js';

// What every action of the connector takes.

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const path = z
  .string()
  .min(1)
  .max(2_000)
  .describe(
    'What stands behind the base URL, beginning with a slash: /users/{id}. Characters that need it are percent-encoded.',
  );

const params = z
  .record(z.string().regex(/^\w{1,100}$/), z.union([z.string().min(1).max(1_000), z.number()]))
  .describe(
    'Values for the {slots} of the path, each of which becomes one segment, or a part of one.',
  );

const query = z
  .record(z.string().min(1).max(200), z.union([scalar, z.array(scalar).max(1_000)]))
  .describe('A list repeats its name.');

/** Said by the connection or the body; a second one would be read by some servers and not by others. */
const RESERVED_HEADERS = new Set(['authorization', 'content-type', 'content-encoding']);

const headers = z
  .record(z.string(), z.string().max(4_096))
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given)) {
      const message = problemOfHeader(name, value);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .describe(
    'Beyond those of the connection, whose credential counts where the names are the same.',
  );

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

const body = z.union([
  z
    .strictObject({ json: z.unknown() })
    .refine(({ json }) => json !== undefined, 'json must be a value'),
  z.strictObject({
    form: z.record(z.string(), z.unknown()).describe('Objects and lists as name[key] and name[0].'),
  }),
  z.strictObject({
    text: z.string(),
    contentType: z
      .string()
      // https://www.rfc-editor.org/rfc/rfc6838#section-4.2, with parameters
      .regex(/^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?:\s*;[\x20-\x7e]{1,200})?$/)
      .default('text/plain; charset=utf-8'),
  }),
]);

const withoutBody = {
  path,
  params: params.optional(),
  query: query.optional(),
  headers: headers.optional(),
};

/** What reads and deletes take. */
export const address = z.strictObject(withoutBody).superRefine(checkPath);

/** What writes take. */
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
    if (!slots.has(name))
      addIssue(['params', name], 'has no place in the path: put {name} into it');
    else if (leadsUp(String(value))) addIssue(['params', name], 'must not lead out of its segment');
  }
}

const SLOT = /\{(\w+)\}/g;

/** What would lead elsewhere than below the base URL, to any server or proxy on the way. */
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

/** Encoded twice, or behind a slash of its own, too: some servers decode before they look for segments. */
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

/** The path of an input that was accepted. Each segment is decoded, filled in and encoded: it cannot become two. */
export function pathFrom({ path: text, params: values = {} }: Address): Path {
  const segments = text.slice(1).split('/');
  const hasSlashAtEnd = segments.at(-1) === '';
  const whole = (hasSlashAtEnd ? segments.slice(0, -1) : segments).map((segment) =>
    // Every other piece is the name of a slot. What is decoded is none, though it may look like one.
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

/** The body as it is sent. */
export function bodyFrom(given: z.output<typeof body> | undefined): ActionBody | undefined {
  return given && 'json' in given ? { json: given.json } : given;
}
