import { z } from 'zod';

import type { ActionBody } from '../../src/contract/index.js';

// Shapes shared by several operations of Twilio. https://www.twilio.com/docs/usage/twilios-response

export const text = z.string().min(1);

/** An id of https://www.twilio.com/docs/glossary/what-is-a-sid: two letters for its kind, 32 digits. */
export const sid = (...prefixes: readonly string[]) =>
  z
    .string()
    .regex(new RegExp(`^(?:${prefixes.join('|')})[0-9a-fA-F]{32}$`))
    .describe(`Begins with ${prefixes.map((prefix) => `\`${prefix}\``).join(' or ')}.`);

export const address = text.describe(
  'A number as `+14155552345`, or one of a channel, such as `whatsapp:+14155552345`.',
);

export const callee = text.describe(
  'A number as `+14155552345`, or a SIP address, or a client as `client:joe`.',
);

export const method = z.enum(['GET', 'POST']).optional();

export const flag = z.boolean().optional();

export const day = z.iso.date().optional();

export const pageSize = z.int().min(1).max(1000).optional().describe('Default 50.');

/** Lists of 2010-04-01. https://www.twilio.com/docs/usage/twilios-response#pagination */
export const listed = { uri: z.string(), next_page_uri: z.string().nullable() };

export const pagesOf = <Items extends string>(items: Items) =>
  ({ kind: 'link', items: `/${items}`, next: '/next_page_uri' }) as const;

/** Twilio reads a list as a name that comes more than once: `MediaUrl=…&MediaUrl=…`. */
export function formOf(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): ActionBody {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    for (const one of [value].flat()) form.append(name, String(one));
  }
  return { text: form.toString(), contentType: 'application/x-www-form-urlencoded' };
}

/** The response to a deletion: 204 without a body. */
export const deleted = z.looseObject({ deleted: z.literal(true) });

export const ACCOUNT = 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
export const API = `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT}`;
