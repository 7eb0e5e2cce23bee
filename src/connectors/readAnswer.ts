import type { ProviderAnswer } from '../contract/index.js';
import type { HttpResponse } from '../platform/http/index.js';

/** An HTTP answer as actions and rules see it: JSON parsed, text as text, bytes as base64, nothing as `null`. */
export function readAnswer({ status, headers, body }: HttpResponse): ProviderAnswer {
  const named: Record<string, string> = {};
  for (const [name, value] of headers) named[name.toLowerCase()] ??= value;
  return { status, headers: named, body: readBody(body, named['content-type'] ?? '') };
}

function readBody(bytes: Buffer, contentType: string): unknown {
  if (bytes.length === 0) return null;
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  // Many an API says text/plain, or nothing, and sends JSON.
  const text = isText(type) || type === '' ? bytes.toString('utf8') : undefined;
  if (text === undefined) return { base64: bytes.toString('base64'), contentType: type };
  if (/^(?:application|text)\/(?:[\w.+-]*\+)?json$/.test(type) || /^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  return text;
}

function isText(type: string): boolean {
  return (
    type.startsWith('text/') ||
    /^application\/(?:[\w.+-]*\+)?(?:json|xml)$/.test(type) ||
    ['application/x-www-form-urlencoded', 'application/javascript'].includes(type)
  );
}
