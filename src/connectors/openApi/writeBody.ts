import type { ActionBody, Part } from '../../contract/index.js';
import type { BodyVariant } from './body.js';
import { entriesOf, type JsonObject, memberOf, objectOf, textOf } from './json.js';
import { queryPairs, type Style } from './serialize.js';

/** A body and the media type that it is sent as, which a file may specify itself. */
export interface WrittenBody {
  readonly body: ActionBody;
  readonly contentType?: string;
}

const FORM_STYLES: readonly Style[] = [
  'form',
  'spaceDelimited',
  'tabDelimited',
  'pipeDelimited',
  'deepObject',
];

/** Encodes a value that the schema of this variant has accepted. */
export function writeBody(variant: BodyVariant, value: unknown): WrittenBody {
  const { kind, contentType, encoding } = variant;
  switch (kind) {
    case 'json':
      return { body: { json: value }, contentType };
    case 'form': {
      const pairs = entriesOf(value).flatMap(([name, each]) => formPairs(name, each, encoding));
      return { body: { text: new URLSearchParams(pairs).toString(), contentType } };
    }
    case 'multipart':
      return {
        body: {
          multipart: entriesOf(value).flatMap(([name, each]) => partsOf(name, each, encoding)),
          ...subtypeOf(contentType),
        },
      };
    case 'text':
      return { body: { text: textOf(value) ?? '', contentType } };
    case 'binary': {
      const base64 = textOf(memberOf(value, 'base64')) ?? '';
      return {
        body: { base64, contentType: textOf(memberOf(value, 'contentType')) ?? contentType },
      };
    }
  }
}

function subtypeOf(contentType: string): { subtype?: 'related' | 'mixed' } {
  const [, subtype] = /^multipart\/(related|mixed)\b/i.exec(contentType) ?? [];
  return subtype === undefined ? {} : { subtype: subtype.toLowerCase() as 'related' | 'mixed' };
}

/**
 * https://spec.openapis.org/oas/v3.0.4.html#encoding-object: with a style, members are encoded as in a query; without
 * one, lists are repeated and objects are JSON.
 */
function formPairs(name: string, value: unknown, encoding: JsonObject): [string, string][] {
  if (value === null) return [[name, '']];
  const own = memberOf(encoding, name);
  const style = FORM_STYLES.find((each) => each === memberOf(own, 'style'));
  const explode = memberOf(own, 'explode');
  const isObject = objectOf(value) !== undefined;
  if (style === undefined && isObject) return [[name, JSON.stringify(value)]];
  return queryPairs(
    {
      name,
      style: style ?? 'form',
      explode: typeof explode === 'boolean' ? explode : (style ?? 'form') === 'form',
      isJson: false,
    },
    value,
  );
}

/** https://spec.openapis.org/oas/v3.0.4.html#special-considerations-for-multipart-content: lists are repeated, objects are JSON. */
function partsOf(name: string, value: unknown, encoding: JsonObject): Part[] {
  if (memberOf(memberOf(encoding, name), 'explode') === false && Array.isArray(value)) {
    return formPairs(name, value, encoding).map(([, text]) => ({ name, content: { text } }));
  }
  if (Array.isArray(value)) return value.map((each) => partOf(name, each, encoding));
  return [partOf(name, value, encoding)];
}

function partOf(name: string, value: unknown, encoding: JsonObject): Part {
  const own = memberOf(encoding, name);
  const [firstType] = textOf(memberOf(own, 'contentType'))?.split(',') ?? [];
  // Several types, or a pattern of them, are what the service accepts, not the type of this part.
  const contentType =
    firstType === undefined || firstType.includes('*') ? undefined : firstType.trim();
  const base64 = memberOf(value, 'base64');
  if (typeof base64 === 'string') {
    return {
      name,
      // Without a file name, services take a part for a field of the form.
      filename: textOf(memberOf(value, 'filename')) ?? name,
      contentType:
        textOf(memberOf(value, 'contentType')) ?? contentType ?? 'application/octet-stream',
      content: { base64 },
    };
  }
  if (typeof value === 'object' && value !== null) {
    const text = JSON.stringify(value);
    return { name, contentType: contentType ?? 'application/json', content: { text } };
  }
  const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  return { name, ...(contentType !== undefined && { contentType }), content: { text } };
}
