import { z } from 'zod';

import { parseUrl } from '../contract/index.js';
import type { Setting } from './setting.js';

const PAGE_URL_RULE = 'be an https:// address, or http:// on localhost, without a user';

const pageUrl = z.string().refine((value) => {
  const url = parseUrl(value);
  if (!url || url.username !== '' || url.password !== '') return false;
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere);
}, PAGE_URL_RULE);

const LINKS_RULE = `be a JSON object of up to 6 labels with their https:// addresses: {"Terms":"https://…"}`;

const links = z.string().transform((value, context) => {
  const label = z.string().min(1).max(60);
  try {
    const read = z.record(label, pageUrl).parse(JSON.parse(value));
    const entries = Object.entries(read).map(([name, url]) => ({ label: name, url }));
    if (entries.length <= 6) return entries;
  } catch {
    // The rule says it all.
  }
  context.addIssue({ code: 'custom', message: LINKS_RULE });
  return z.NEVER;
});

const TEXTS_RULE =
  'be a JSON object of texts by their names in src/oauth/pages/texts.ts: {"loginButton":"Anmelden"}';

const texts = z.string().transform((value, context) => {
  try {
    return z.record(z.string(), z.string().max(500)).parse(JSON.parse(value));
  } catch {
    context.addIssue({ code: 'custom', message: TEXTS_RULE });
    return z.NEVER;
  }
});

/** The settings of the log-in and consent pages: the option `branding` of a host. */
export const brandSettings = {
  HUB_BRAND_NAME: {
    schema: z
      .string()
      .trim()
      .regex(/^.{1,60}$/, 'have 1 to 60 characters'),
    summary: 'The name of your product on the log-in and consent pages.',
    example: 'Parcel',
    absent: 'the host of PUBLIC_URL',
  },
  HUB_BRAND_LOGO_URL: {
    schema: pageUrl,
    summary: 'The logo of your product on the pages, shown 40 pixels high.',
    example: 'https://parcel.example.com/logo.svg',
    absent: 'the first letter of the name',
  },
  HUB_BRAND_COLOR: {
    schema: z.string().regex(/^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/, 'be a color such as #1f4fd8'),
    summary: 'The color of buttons and links on the pages.',
    example: '#0f766e',
    absent: 'a dark blue',
  },
  HUB_BRAND_LANGUAGE: {
    schema: z
      .string()
      .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'be a language such as en or pt-BR'),
    summary: 'The language of HUB_BRAND_TEXTS.',
    example: 'de',
    absent: 'en',
  },
  HUB_BRAND_TEXTS: {
    schema: texts,
    summary:
      'Replacements for texts of the pages, as JSON by their names in src/oauth/pages/texts.ts: `{"loginButton":"Anmelden"}`.',
    example: '"$(cat texts.json)"',
    absent: 'the English texts',
  },
  HUB_BRAND_LINKS: {
    schema: links,
    summary: 'Links below each page, as JSON by their labels: `{"Terms":"https://…"}`.',
    example: '"$(cat links.json)"',
    absent: 'none',
  },
  HUB_FORGOT_PASSWORD_URL: {
    schema: pageUrl,
    summary: 'Your page for people who forgot their password, linked from the log-in page.',
    example: 'https://parcel.example.com/forgot',
    absent: 'no link',
  },
  HUB_SIGN_UP_URL: {
    schema: pageUrl,
    summary:
      'Your page on which people sign up, linked from the log-in page and shown for `prompt=create`. It sends people back to its `return_to`.',
    example: 'https://parcel.example.com/sign-up',
    absent: 'no link, and no prompt=create',
  },
} satisfies Record<string, Setting<unknown>>;
