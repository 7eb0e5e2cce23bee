import type { FieldSpec } from '../../contract/index.js';
import { type JsonObject, listOf, memberOf, textOf } from './json.js';
import { camelCase, uniqueNames } from './names.js';
import { expand, readTemplate, type Template } from './pathTemplate.js';

/** Fields that the variables of servers have become; one of the same name and values is one field. */
export interface FieldCollection {
  readonly fields: Record<string, FieldSpec>;
  readonly example: Record<string, string>;
  /** `{field}` for a variable, or the text that stands for it. */
  slotFor(name: string, variable: unknown, position: VariablePosition): string;
}

/** A whole address, its scheme, its port, or a piece of its host name or path. */
type VariablePosition = 'address' | 'scheme' | 'port' | 'piece';

/** What a field of the type `host` accepts, and is no more than one piece of an address. */
const PIECE = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** https://www.rfc-editor.org/rfc/rfc9110#section-4.1-5 has 8,000; the longest known server has 98. */
const SERVER_LENGTH_MAX = 1_024;
const CHOICES_MAX = 200;

/** Anything that may stand in an address and does not end its host name or its path. */
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
      // A suggestion that is more than a piece (`/v2`, `api/v2`) is part of the address.
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
  const { name, variable, position: place, choices, suggested } = found;
  const help = textOf(memberOf(variable, 'description'))?.slice(0, 300);
  const common = { title: name.slice(0, 100), ...(help !== undefined && { help }) };
  if (choices.length > 0) {
    const example = choices.find((choice) => choice === suggested) ?? choices[0] ?? '';
    return { ...common, type: 'choice', choices, example };
  }
  if (place === 'address') {
    const example = suggested?.startsWith('https://') === true ? suggested : 'https://example.com';
    // Paths begin with a slash.
    return { ...common, type: 'url', pattern: '.*[^/]', example };
  }
  const example = suggested ?? (place === 'port' ? '443' : 'example');
  return { ...common, type: 'host', ...(place === 'port' && { pattern: '\\d{1,5}' }), example };
}

export interface ServerReading {
  readonly collection: FieldCollection;
  readonly upgradeHttp: boolean;
  /** Whether plain http is taken as it is: where it may lead, the hub's options decide. */
  readonly keepsHttp?: boolean;
  /** What a relative address is relative to: an address that has been read. */
  readonly base?: string | undefined;
}

/** A server object as an address with `{fields}` and no slash at its end, or what is wrong with it. */
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
    return { problem: `${displayUrl(written)} is plain http` };
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return { problem: `${displayUrl(written)} is no https address` };
  }
  if (scheme === undefined && template.texts[0] !== '') {
    return { problem: `${displayUrl(written)} is relative` };
  }
  const probe = expand(template, (slot) => PROBES[positionOf(template, slot)]);
  if (!isPlain(probe.replace(/^http:/i, 'https:'))) {
    return { problem: `${displayUrl(written)} is no plain address` };
  }
  const variables = memberOf(node, 'variables');
  const filled = expand(template, (slot) =>
    collection.slotFor(slot.name, memberOf(variables, slot.name), positionOf(template, slot)),
  );
  const isKept = scheme === 'http' && !upgradeHttp;
  const url = withoutSlashes(filled.replace(/^https?:/i, isKept ? 'http:' : 'https:'));
  // What stands for a variable is the document's too.
  if (!isPlain(probed(url).replace(/^http:/, 'https:'))) {
    return { problem: `${displayUrl(written)} is no plain address` };
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

/** With something in the slots of fields. */
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

/** Without what URL takes for something else or leaves out: a backslash for a slash, line breaks and tabs for nothing. */
function isPlain(text: string): boolean {
  if (!/^https:\/\/[^\0-\x20\x7f\\{}]+$/i.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return protocol === 'https:' && `${username}${password}${search}${hash}` === '';
}

/** Looking behind keeps it linear: a run of slashes is begun once. */
function withoutSlashes(text: string): string {
  return text.replace(/(?<!\/)\/+$/, '');
}

function displayUrl(url: string): string {
  return JSON.stringify(url.slice(0, 100));
}
