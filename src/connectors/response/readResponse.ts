import type { ConnectorSpec, ProviderResponse } from '../../contract/index.js';
import type { HttpResponse } from '../../platform/http/index.js';
import type { Outgoing } from '../request/outgoing.js';

/**
 * Reads an HTTP response for actions and rules: JSON parsed, text as text, bytes as base64, an empty body as `null`; then as the
 * connector reads it.
 */
export function readResponse(
  { status, headers, body }: HttpResponse,
  { read = asIs }: Pick<ConnectorSpec, 'read'> = {},
  { reads }: Pick<Outgoing, 'reads'> = {},
): ProviderResponse {
  const named: Record<string, string> = {};
  for (const [name, value] of headers) named[name.toLowerCase()] ??= value;
  const type = named['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isGood = status >= 200 && status < 300;
  if (reads === 'bytes' && isGood) {
    return { status, headers: named, body: { base64: body.toString('base64'), contentType: type } };
  }
  return { status, headers: named, body: read(readBody(body, type)) };
}

const asIs = (body: unknown) => body;

function readBody(bytes: Buffer, type: string): unknown {
  if (bytes.length === 0) return null;
  // Many APIs send JSON as text/plain, or without a type.
  const text = isText(type) || type === '' ? bytes.toString('utf8') : undefined;
  if (text === undefined) return { base64: bytes.toString('base64'), contentType: type };
  if ((isJson(type) || /^\s*[[{]/.test(text)) && !isTooDeep(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  return text;
}

/** Real responses are flatter, and code that shows or stores a value walks it recursively. */
const DEPTH_MAX = 1_000;

/**
 * Returns whether JSON nests deeper than can be handled: such a response stays text. Reads character by character, as a
 * regular expression fails on a text of megabytes.
 */
function isTooDeep(text: string): boolean {
  if (text.length < 2 * DEPTH_MAX) return false;
  let [depth, isInText] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') isInText = !isInText;
    else if (isInText) at += sign === '\\' ? 1 : 0;
    else if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}

/**
 * Returns whether a media type is JSON. AWS has one of its own:
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
function isJson(type: string): boolean {
  return /^(?:application|text)\/(?:(?:[\w.+-]*\+)?json|x-amz-json-1\.[01])$/.test(type);
}

function isText(type: string): boolean {
  return (
    isJson(type) ||
    type.startsWith('text/') ||
    /^application\/(?:[\w.+-]*\+)?xml$/.test(type) ||
    ['application/x-www-form-urlencoded', 'application/javascript'].includes(type)
  );
}
