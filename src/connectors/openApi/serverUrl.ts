import { type FieldSpec, parseUrl } from '../../contract/index.js';
import { type JsonObject, listOf, memberOf, textOf } from './json.js';
import { camelCase, uniqueNames } from './names.js';
import { expand, readTemplate, type Template } from './pathTemplate.js';

/** The fields made from variables of servers; variables with the same name and values share a field. */
export interface FieldCollection {
  readonly fields: Record<string, FieldSpec>;
  readonly example: Record<string, string>;
  /** Returns `{field}` for a variable, or the text that replaces it. */
  slotFor(name: string, variable: unknown, position: VariablePosition): string;
}

/** A whole URL, its scheme, its port, or a piece of its host name or path. */
type VariablePosition = 'address' | 'scheme' | 'port' | 'piece';

/** A value that a field of the type `host` accepts and that is a single piece of a URL. */
const PIECE = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** https://www.rfc-editor.org/rfc/rfc9110#section-4.1-5 has 8,000; the longest known server has 98. */
const SERVER_LENGTH_MAX = 1_024;
const CHOICES_MAX = 200;

/** Returns whether a text may occur in a URL and ends neither its host name nor its path. */
function isChoice(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:/~-]{1,200}$/.test(value);
}

export function openFields(fixed: Readonly<Record<string, string>>): FieldCollection {
  const fields: Record<string, FieldSpec> = {};
  const example: Record<string, string> = {};
  const known = new Map<string, string>();
  const nameOnce = uniqueNames();

  function add(name: string, field: FieldSpec): string {
    const key = JSON.stringify([name, field]);
    const fieldName = known.get(key) ?? nameOnce(camelCase(name) || 'server');
    known.set(key, fieldName);
    fields[fieldName] = field;
    if (field.example !== undefined) example[fieldName] = field.example;
    return `{${fieldName}}`;
  }

  return {
    fields,
    example,
    slotFor(name, variable, position) {
      if (Object.hasOwn(fixed, name)) return fixed[name] ?? '';
      if (position === 'scheme') return 'https';
      const suggested = textOf(memberOf(variable, 'default'))?.slice(0, SERVER_LENGTH_MAX);
      const choices = listOf(memberOf(variable, 'enum')).slice(0, CHOICES_MAX).filter(isChoice);
      if (choices.length === 1) return choices[0] ?? '';
      // A suggestion that is more than a piece (`/v2`, `api/v2`) is part of the URL.
      if (choices.length === 0 && position === 'piece' && !PIECE.test(suggested ?? 'x')) {
        return withoutSlashes((suggested ?? '').replace(/^\/+/, ''));
      }
      return add(name, fieldOf({ name, variable, position, choices, suggested }));
    },
  };
}

function fieldOf(found: {
  readonly name: string;
  readonly variable: unknown;
  readonly position: VariablePosition;
  readonly choices: readonly string[];
  readonly suggested: string | undefined;
}): FieldSpec {
  const { name, variable, position, choices, suggested } = found;
  const help = textOf(memberOf(variable, 'description'))?.slice(0, 300);
  const common = { title: name.slice(0, 100), ...(help !== undefined && { help }) };
  if (choices.length > 0) {
    const example = choices.find((choice) => choice === suggested) ?? choices[0] ?? '';
    return { ...common, type: 'choice', choices, example };
  }
  if (position === 'address') {
    const example = suggested?.startsWith('https://') === true ? suggested : 'https://example.com';
    // Paths begin with a slash.
    return { ...common, type: 'url', pattern: '.*[^/]', example };
  }
  const example = suggested ?? (position === 'port' ? '443' : 'example');
  return { ...common, type: 'host', ...(position === 'port' && { pattern: '\\d{1,5}' }), example };
}

export interface ServerReading {
  readonly collection: FieldCollection;
  readonly upgradeHttp: boolean;
  /** Whether plain http is kept as it is; the hub's options then decide which targets are allowed. */
  readonly keepsHttp?: boolean;
  /** The URL that relative URLs are relative to. */
  readonly base?: string | undefined;
}

/** Returns a server object as a URL with `{fields}` and no slash at its end, or what is wrong with it. */
export function readServer(
  node: JsonObject,
  { collection, upgradeHttp, keepsHttp = false, base }: ServerReading,
): { readonly url: string } | { readonly problem: string } {
  const written = (textOf(memberOf(node, 'url')) ?? '/').trim();
  if (written.length > SERVER_LENGTH_MAX)
    return { problem: `${displayUrl(written)} … is too long` };
  const template = readTemplate(absolute(written, base));
  const scheme = /^\w+(?=:)/.exec(template.texts[0] ?? '')?.[0]?.toLowerCase();
  if (scheme === 'http' && !upgradeHttp && !keepsHttp)
    return { problem: `${displayUrl(written)} uses plain http` };
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return { problem: `${displayUrl(written)} is not an https URL` };
  }
  if (scheme === undefined && template.texts[0] !== '') {
    return { problem: `${displayUrl(written)} is relative` };
  }
  const probe = expand(template, (slot) => PROBES[positionOf(template, slot)]);
  if (!isPlain(probe.replace(/^http:/i, 'https:'))) {
    return { problem: `${displayUrl(written)} is not a plain URL` };
  }
  const variables = memberOf(node, 'variables');
  const filled = expand(template, (slot) =>
    collection.slotFor(slot.name, memberOf(variables, slot.name), positionOf(template, slot)),
  );
  const isKept = scheme === 'http' && !upgradeHttp;
  const url = withoutSlashes(filled.replace(/^https?:/i, isKept ? 'http:' : 'https:'));
  // The replacement of a variable comes from the document too.
  if (!isPlain(probed(url).replace(/^http:/, 'https:'))) {
    return { problem: `${displayUrl(written)} is not a plain URL` };
  }
  return { url };
}

const PROBES: Readonly<Record<VariablePosition, string>> = {
  address: 'https://h',
  scheme: 'https',
  port: '1',
  // Not a number: a host name does not end in one.
  piece: 'h',
};

/** Puts a text into the slots of fields. */
function probed(url: string): string {
  return url
    .replace(/^\{\w+\}/, PROBES.address)
    .replace(/:\{\w+\}/g, `:${PROBES.port}`)
    .replace(/\{\w+\}/g, PROBES.piece);
}

function positionOf({ texts, slots }: Template, slot: Template['slots'][number]): VariablePosition {
  const before = texts[slots.indexOf(slot)];
  if (slot !== slots[0] || before !== '') return before?.endsWith(':') === true ? 'port' : 'piece';
  return texts[1]?.startsWith('://') === true ? 'scheme' : 'address';
}

function absolute(url: string, base: string | undefined): string {
  if (url.startsWith('//')) return `https:${url}`;
  if (!url.startsWith('/') || base === undefined) return url;
  const [origin = ''] = /^(?:https?:\/\/)?[^/]+/.exec(base) ?? [];
  return origin + url;
}

/**
 * Returns whether a text has no character that URL replaces or drops: it reads a backslash as a slash, and drops line
 * breaks and tabs.
 */
function isPlain(text: string): boolean {
  const url = /^https:\/\/[^\0-\x20\x7f\\{}]+$/i.test(text) ? parseUrl(text) : undefined;
  if (!url) return false;
  const { protocol, username, password, search, hash } = url;
  return protocol === 'https:' && `${username}${password}${search}${hash}` === '';
}

/** Removes slashes at the end. The lookbehind keeps it linear: a run of slashes is started once. */
function withoutSlashes(text: string): string {
  return text.replace(/(?<!\/)\/+$/, '');
}

function displayUrl(url: string): string {
  return JSON.stringify(url.slice(0, 100));
}
