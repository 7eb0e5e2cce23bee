import { z } from 'zod';

import { parseUrl } from '../../contract/index.js';
import { readColor } from './color.js';
import { type TextName, TEXTS, type Texts } from './texts.js';

/** How a host's pages look. */
export interface Branding {
  /** The product's name, as people know it. Default: the host of `publicUrl`. */
  readonly name?: string | undefined;
  /** An https:// image, shown 40 pixels high. */
  readonly logoUrl?: string | undefined;
  /** `#rrggbb`, for buttons and links; made darker or lighter if the contrast is too low. Default: a dark blue. */
  readonly color?: string | undefined;
  /** The language of `texts`, as in <html lang>. Default `en`. */
  readonly language?: string | undefined;
  /** Replacements for texts of the pages, by their names in src/oauth/pages/texts.ts. */
  readonly texts?: Partial<Readonly<Record<TextName, string>>> | undefined;
  /** Shown below each page: terms, privacy, help. */
  readonly links?: readonly { readonly label: string; readonly url: string }[] | undefined;
  /** The page for people who forgot their password. */
  readonly forgotPasswordUrl?: string | undefined;
  /** The page on which people sign up: a link on the log-in page, and the target of `prompt=create`. Gets `return_to`. */
  readonly signUpUrl?: string | undefined;
}

/** Branding with the defaults filled in. */
export interface Brand {
  readonly name: string;
  readonly logoUrl: string | undefined;
  readonly color: string;
  readonly language: string;
  readonly texts: Texts;
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly forgotPasswordUrl: string | undefined;
  readonly signUpUrl: string | undefined;
}

const DEFAULT_COLOR = '#1f4fd8';

/**
 * Returns whether a URL may be a link or an image on a page: https://, or http:// on a loopback address. Never
 * `javascript:` or `data:`.
 */
export function isPageUrl(text: string): boolean {
  const url = parseUrl(text);
  if (!url) return false;
  const { protocol, hostname, username, password } = url;
  if (username !== '' || password !== '') return false;
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

/** Returns the URL if it may be shown, otherwise `undefined`. Stored URLs are checked again when they are shown. */
export function pageUrl(text: string | undefined): string | undefined {
  return text !== undefined && isPageUrl(text) ? new URL(text).href : undefined;
}

/** Returns the color if it is valid, otherwise `undefined`. */
export function pageColor(text: string | undefined): string | undefined {
  return text !== undefined && readColor(text) ? text : undefined;
}

const url = z.string().max(2_048).refine(isPageUrl, 'must be an https:// URL');
const sentence = z.string().max(500);

/** Checks the host’s option `branding`. */
export const brandingOption = z.strictObject({
  name: z.string().trim().min(1).max(60).optional(),
  logoUrl: url.optional(),
  color: z
    .string()
    .refine((text) => readColor(text) !== undefined, 'must be a color such as #1f4fd8')
    .optional(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en or pt-BR')
    .optional(),
  texts: z
    .partialRecord(z.enum(Object.keys(TEXTS) as [TextName, ...TextName[]]), sentence)
    .optional(),
  links: z
    .array(z.strictObject({ label: z.string().min(1).max(60), url }))
    .max(6)
    .optional(),
  forgotPasswordUrl: url.optional(),
  signUpUrl: url.optional(),
});

/** Fills in the defaults. */
export function brandOf(given: Branding, publicUrl: string): Brand {
  return {
    name: given.name ?? new URL(publicUrl).hostname,
    logoUrl: given.logoUrl,
    color: given.color ?? DEFAULT_COLOR,
    language: given.language ?? 'en',
    texts: { ...TEXTS, ...given.texts },
    links: given.links ?? [],
    forgotPasswordUrl: given.forgotPasswordUrl,
    signUpUrl: given.signUpUrl,
  };
}
