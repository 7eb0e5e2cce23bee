import { encodeForm } from '../request/encodeBody.js';
import { encodedSegment, encodedSegments } from './pathTemplate.js';

/** How lists and objects are encoded: https://spec.openapis.org/oas/v3.0.4.html#style-values */
export type Style =
  | 'matrix'
  | 'label'
  | 'simple'
  | 'form'
  | 'spaceDelimited'
  | 'tabDelimited'
  | 'pipeDelimited'
  | 'deepObject';

/** The settings that determine how a value is encoded. */
export interface Styled {
  /** Its name in the request. */
  readonly name: string;
  readonly style: Style;
  readonly explode: boolean;
  /** Encoded as JSON: https://spec.openapis.org/oas/v3.0.4.html#fixed-fields-for-use-with-content */
  readonly isJson: boolean;
}

const SEPARATORS: Partial<Record<Style, string>> = {
  spaceDelimited: ' ',
  tabDelimited: '\t',
  pipeDelimited: '|',
};

/**
 * Returns names and values of a query or a form, unencoded. Separators are encoded along with the rest: services decode
 * before they split, so they see no difference.
 */
export function queryPairs(parameter: Styled, value: unknown): [string, string][] {
  const { name, style, explode, isJson } = parameter;
  if (isJson) return [[name, JSON.stringify(value)]];
  if (typeof value !== 'object' || value === null) return [[name, textOf(value)]];
  if (style === 'deepObject') return [...new URLSearchParams(encodeForm({ [name]: value }))];
  const separator = SEPARATORS[style] ?? ',';
  if (Array.isArray(value)) {
    const texts = value.map(textOf);
    if (texts.length === 0) return [];
    return explode ? texts.map((text) => [name, text]) : [[name, texts.join(separator)]];
  }
  const pairs = pairsOf(value);
  if (explode || pairs.length === 0) return pairs;
  return [[name, pairs.flat().join(separator)]];
}

/** Returns the value of a header. */
export function headerText({ explode, isJson }: Styled, value: unknown): string {
  if (isJson) return JSON.stringify(value);
  return joinPairs(value, { separator: ',', explode, encode: (text) => text });
}

/** Returns a part of a path, encoded. Throws PathValueRefused. */
export function pathText(
  parameter: Styled & { readonly isWhole: boolean },
  value: unknown,
): string {
  const { name, style, explode, isJson, isWhole } = parameter;
  if (isJson) return encodedSegment(JSON.stringify(value));
  const encode = isWhole ? encodedSegments : encodedSegment;
  if (style === 'label') {
    return `.${joinPairs(value, { separator: explode ? '.' : ',', explode, encode })}`;
  }
  if (style !== 'matrix') return joinPairs(value, { separator: ',', explode, encode });
  const key = encodedSegment(name);
  if (explode && Array.isArray(value)) {
    return value.map((one) => `;${key}=${encode(textOf(one))}`).join('');
  }
  if (explode && typeof value === 'object' && value !== null) {
    return pairsOf(value)
      .map(([member, text]) => `;${encode(member)}=${encode(text)}`)
      .join('');
  }
  return `;${key}=${joinPairs(value, { separator: ',', explode: false, encode })}`;
}

interface Joining {
  readonly separator: string;
  readonly explode: boolean;
  readonly encode: (text: string) => string;
}

function joinPairs(value: unknown, { separator, explode, encode }: Joining): string {
  if (typeof value !== 'object' || value === null) return encode(textOf(value));
  const parts = Array.isArray(value) ? value.map((one) => [textOf(one)]) : pairsOf(value);
  // An undefined value is the empty text, which a path refuses.
  if (parts.length === 0) return encode('');
  return parts.map((part) => part.map(encode).join(explode ? '=' : ',')).join(separator);
}

function pairsOf(value: object): [string, string][] {
  return Object.entries(value).map(([member, inner]) => [member, textOf(inner)]);
}

/** Writes values nested deeper than the styles provide for as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
