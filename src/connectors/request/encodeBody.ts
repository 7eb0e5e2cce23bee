import { randomBytes } from 'node:crypto';

import type { ActionBody, Part } from '../../contract/index.js';

/** The bytes of a body, and their media type. */
export interface EncodedBody {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** Encodes a body. `boundary` separates parts; by default it is random, so that no content can contain it. */
export function encodeBody(
  body: ActionBody,
  boundary = `hub-${randomBytes(16).toString('hex')}`,
): EncodedBody {
  if ('json' in body) {
    return { bytes: Buffer.from(JSON.stringify(body.json)), contentType: 'application/json' };
  }
  if ('form' in body) {
    return {
      bytes: Buffer.from(encodeForm(body.form)),
      contentType: 'application/x-www-form-urlencoded',
    };
  }
  if ('multipart' in body) {
    const { multipart, subtype = 'form-data' } = body;
    return {
      bytes: encodeParts(multipart, subtype === 'form-data', boundary),
      contentType: `multipart/${subtype}; boundary=${boundary}`,
    };
  }
  if ('text' in body) return { bytes: Buffer.from(body.text), contentType: body.contentType };
  return { bytes: Buffer.from(body.base64, 'base64'), contentType: body.contentType };
}

/** Encodes a form. Objects and lists become `name[key]` and `name[0]`, `null` the empty value; `undefined` is not sent. */
export function encodeForm(values: Readonly<Record<string, unknown>>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) append(form, name, value);
  return form.toString();
}

function append(form: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) append(form, `${name}[${key}]`, inner);
    return;
  }
  form.append(
    name,
    typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value),
  );
}

/** https://www.rfc-editor.org/rfc/rfc2046#section-5.1 */
function encodeParts(parts: readonly Part[], isForm: boolean, boundary: string): Buffer {
  const chunks = parts.flatMap(({ name, filename, contentType, content }) => {
    const file = filename === undefined ? '' : `; filename="${quoted(filename)}"`;
    const head = [
      ...(isForm ? [`Content-Disposition: form-data; name="${quoted(name)}"${file}`] : []),
      ...(contentType === undefined ? [] : [`Content-Type: ${oneLine(contentType)}`]),
    ];
    const bytes =
      'text' in content ? Buffer.from(content.text) : Buffer.from(content.base64, 'base64');
    return [
      Buffer.from(`--${boundary}\r\n${head.join('\r\n')}\r\n\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ];
  });
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
}

/**
 * Quotes a name as browsers do:
 * https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
function quoted(text: string): string {
  return text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, '');
}
