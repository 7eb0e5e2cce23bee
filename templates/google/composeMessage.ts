import { z } from 'zod';

// A mail as https://www.rfc-editor.org/rfc/rfc5322 and https://www.rfc-editor.org/rfc/rfc2045 write it. Gmail adds Date,
// Message-ID and, unless one is given, From: https://developers.google.com/workspace/gmail/api/guides/sending

/** One line, without characters that would end it and begin another header. */
const line = z.string().regex(/^[^\0-\x1f\x7f]*$/);

const address = z
  .string()
  .max(500)
  .regex(
    /^(?:[^\0-\x1f\x7f<>]*<[^\0-\x20\x7f<>@,;]+@[^\0-\x20\x7f<>@,;]+>|[^\0-\x20\x7f<>@,;]+@[^\0-\x20\x7f<>@,;]+)$/,
  )
  .describe('`jane@example.com`, or with a name `Jane Doe <jane@example.com>`.');

const attachment = z.strictObject({
  filename: line.min(1).max(255),
  contentType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
  base64: z.base64(),
});

const messageId = z
  .string()
  .regex(/^<[^\0-\x20\x7f<>]+>$/)
  .describe('With its angle brackets.');

/** The parts of a mail. */
export const mail = {
  from: address.optional().describe('One of the addresses that the account may send as.'),
  to: z.array(address).max(2000),
  cc: z.array(address).max(2000).optional(),
  bcc: z.array(address).max(2000).optional(),
  replyTo: z.array(address).max(20).optional(),
  subject: line.max(900).optional(),
  text: z.string().optional().describe('With html: the text for readers without HTML.'),
  html: z.string().optional(),
  attachments: z.array(attachment).max(100).optional(),
  inReplyTo: messageId.optional().describe('Message-ID of the mail that this one replies to.'),
  references: z
    .array(messageId)
    .max(50)
    .optional()
    .describe('The Message-IDs of the whole thread.'),
};

export type Mail = z.output<z.ZodObject<typeof mail>>;

interface Entity {
  readonly headers: readonly string[];
  readonly body: string;
}

/** Returns the whole mail in base64url, as Gmail's `raw` requires it. The same input always gives the same text. */
export function composeMessage(given: Mail): string {
  const { headers, body } = entityOf(given);
  const lines = [...headersOf(given), 'MIME-Version: 1.0', ...headers, '', body];
  return Buffer.from(lines.join('\r\n')).toString('base64url');
}

function headersOf(given: Mail): string[] {
  const references = given.references ?? (given.inReplyTo === undefined ? [] : [given.inReplyTo]);
  const fields: readonly (readonly [name: string, values: readonly string[], between: string])[] = [
    ['From', [given.from].flatMap((one) => (one === undefined ? [] : [addressed(one)])), ''],
    ['To', given.to.map(addressed), ',\r\n '],
    ['Cc', (given.cc ?? []).map(addressed), ',\r\n '],
    ['Bcc', (given.bcc ?? []).map(addressed), ',\r\n '],
    ['Reply-To', (given.replyTo ?? []).map(addressed), ',\r\n '],
    ['Subject', given.subject === undefined ? [] : [encodedWords(given.subject)], ''],
    ['In-Reply-To', given.inReplyTo === undefined ? [] : [given.inReplyTo], ''],
    ['References', references, '\r\n '],
  ];
  return fields.flatMap(([name, values, between]) =>
    values.length === 0 ? [] : [`${name}: ${values.join(between)}`],
  );
}

function entityOf({ text, html, attachments = [] }: Mail): Entity {
  const body = readable(text, html);
  if (attachments.length === 0) return body;
  return multipart('mixed', [body, ...attachments.map(attached)]);
}

function readable(text: string | undefined, html: string | undefined): Entity {
  if (html === undefined) return leaf('text/plain', text ?? '');
  if (text === undefined) return leaf('text/html', html);
  return multipart('alternative', [leaf('text/plain', text), leaf('text/html', html)]);
}

function leaf(type: string, text: string): Entity {
  return {
    headers: [`Content-Type: ${type}; charset=UTF-8`, 'Content-Transfer-Encoding: base64'],
    body: wrapped(Buffer.from(text)),
  };
}

function attached({ filename, contentType, base64 }: z.output<typeof attachment>): Entity {
  return {
    headers: [
      `Content-Type: ${contentType}`,
      `Content-Disposition: attachment; ${filenameParameter(filename)}`,
      'Content-Transfer-Encoding: base64',
    ],
    body: wrapped(Buffer.from(base64, 'base64')),
  };
}

/** No line of base64, and no header, can be such a boundary: https://www.rfc-editor.org/rfc/rfc2045#section-6.7 */
function multipart(subtype: 'alternative' | 'mixed', parts: readonly Entity[]): Entity {
  const boundary = `=_${subtype}`;
  const written = parts.flatMap(({ headers, body }) => [`--${boundary}`, ...headers, '', body]);
  return {
    headers: [`Content-Type: multipart/${subtype}; boundary="${boundary}"`],
    body: [...written, `--${boundary}--`, ''].join('\r\n'),
  };
}

/** Lines of 76 characters: https://www.rfc-editor.org/rfc/rfc2045#section-6.8 */
function wrapped(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{1,76}/g, '$&\r\n');
}

function addressed(text: string): string {
  const [, name = '', email = text] = /^(.*?)\s*<([^<>]*)>$/.exec(text) ?? [];
  if (name === '') return email;
  return `${isPlain(name) ? phrase(name) : encodedWords(unquoted(name))} <${email}>`;
}

/** A name with a comma would be two addresses: https://www.rfc-editor.org/rfc/rfc5322#section-3.2.4 */
function phrase(name: string): string {
  return /[()<>[\]:;@\\,."]/.test(name) ? `"${unquoted(name).replace(/["\\]/g, '\\$&')}"` : name;
}

function unquoted(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1).replace(/\\(.)/g, '$1') : name;
}

const isPlain = (text: string) => /^[\x20-\x7e]*$/.test(text) && !text.includes('=?');

const WORD_BYTES_MAX = 45;

/** Encoded words of at most 75 characters, none of which cuts a character in two: https://www.rfc-editor.org/rfc/rfc2047#section-2 */
function encodedWords(text: string): string {
  if (isPlain(text)) return text;
  const words = [...text].reduce<string[]>((before, char) => {
    const last = before.at(-1);
    const fits = last !== undefined && Buffer.byteLength(last + char) <= WORD_BYTES_MAX;
    return fits ? [...before.slice(0, -1), last + char] : [...before, char];
  }, []);
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

/** https://www.rfc-editor.org/rfc/rfc2231#section-4 */
function filenameParameter(filename: string): string {
  if (/^[\x20-\x7e]*$/.test(filename)) return `filename="${filename.replace(/["\\]/g, '\\$&')}"`;
  const encoded = encodeURIComponent(filename).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename*=UTF-8''${encoded}`;
}
