import { type Path, path, PathValueRefused } from '../../contract/index.js';

/** A text with slots for values; it has one more text than slots. */
export interface Template {
  readonly texts: readonly string[];
  readonly slots: readonly Slot[];
}

export interface Slot {
  readonly name: string;
  /**
   * Whether the value is several segments whose slashes are kept: `{+name}` (RFC 6570 §2.4.1), `{proxy+}` or `{path*}`.
   */
  readonly isWhole: boolean;
}

export interface PathTemplate extends Template {
  /** The part after a question mark; many documents distinguish operations by it. */
  readonly query: readonly { readonly name: Template; readonly value: Template }[];
}

/**
 * Reads a path of the document. The part after `#` is never sent to a server: documents use it to have several
 * operations of one path (https://github.com/OAI/OpenAPI-Specification/issues/1635).
 */
export function readPathTemplate(text: string): PathTemplate {
  const [beforeHash = ''] = text.split('#');
  const [before = '', ...after] = beforeHash.split('?');
  const query = after
    .join('?')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return { name: readTemplate(name), value: readTemplate(value.join('=')) };
    });
  // Without its slash a path would continue the host name.
  return { ...readTemplate(`/${before.replace(/^\/+/, '')}`), query };
}

/** Reads a text whose slots are `{name}`. */
export function readTemplate(text: string): Template {
  const pieces = text.split(/\{([^{}]*)\}/);
  return {
    texts: pieces.filter((_piece, nth) => nth % 2 === 0),
    slots: pieces.filter((_piece, nth) => nth % 2 === 1).map(readSlot),
  };
}

function readSlot(text: string): Slot {
  const name = text
    .replace(/^[+#/]/, '')
    .replace(/[+*]$/, '')
    .replace(/:\.[*+]$/, '');
  return { name: name === '' ? text : name, isWhole: name !== '' && name !== text };
}

/** Returns the names of all slots, including those of the query. */
export function slotNames({ slots, query }: PathTemplate): string[] {
  return [{ slots }, ...query.flatMap(({ name, value }) => [name, value])].flatMap((template) =>
    template.slots.map(({ name }) => name),
  );
}

/**
 * Returns the path with values that are already encoded. Throws PathValueRefused for a segment `.` or `..`, which every
 * URL parser would resolve: values and texts may form one together.
 */
export function expandPath(template: Template, encodedOf: (slot: Slot) => string): Path {
  const text = expand(template, encodedOf, fixedText);
  if (text.split('/').some(isDots)) {
    throw new PathValueRefused('a value of the path makes a segment . or ..');
  }
  return path(Object.assign([text], { raw: [text] }));
}

/** https://url.spec.whatwg.org/#double-dot-path-segment */
function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

/** Returns a template with its values put in. */
export function expand(
  { texts, slots }: Template,
  valueOf: (slot: Slot) => string,
  textOf: (text: string) => string = (text) => text,
): string {
  return texts
    .map((text, nth) => {
      const slot = slots[nth];
      return textOf(text) + (slot ? valueOf(slot) : '');
    })
    .join('');
}

/** Encodes the document's own text of a path: nothing in it ends the path or changes what follows. */
function fixedText(text: string): string {
  return text.replace(/[\0-\x20\x7f\\?#<>"`{}|^]/g, (char) =>
    char === '\\' ? '%5C' : encodeURIComponent(char),
  );
}

/** Encodes one value as one segment, or as part of one. Throws PathValueRefused. */
export function encodedSegment(value: string): string {
  return path`${value}`;
}

/** Encodes a value whose slashes are kept. Throws PathValueRefused when one of its segments is empty, `.` or `..`. */
export function encodedSegments(value: string): string {
  return value.split('/').map(encodedSegment).join('/');
}
