import { createHash } from 'node:crypto';

import { Html, html } from '../../platform/html.js';
import { type Brand, pageColor, pageUrl } from './brand.js';
import type { PageApp } from './pageModel.js';
import { styleOf } from './style.js';
import { say, type TextName } from './texts.js';

/** A rendered page. */
export interface Page {
  readonly html: string;
  /** https://www.w3.org/TR/CSP3/ */
  readonly contentSecurityPolicy: string;
}

export interface PageParts {
  readonly title: TextName;
  readonly main: Html;
  readonly app?: PageApp | undefined;
  /** Targets of the page's forms besides the hub: browsers apply `form-action` to redirects as well. */
  readonly formTargets?: readonly string[] | undefined;
}

/**
 * Returns a whole page around `main`, and its Content-Security-Policy, which allows this page’s own style and images
 * and no script.
 */
export function layout(brand: Brand, { title, main, app, formTargets = [] }: PageParts): Page {
  const style = styleOf(brand.color, pageColor(app?.color));
  // Without `html`, which would change its white space: the policy contains the hash of the exact text.
  const styleElement = new Html(`<style>${style}</style>`);
  const text = html`<!doctype html>
    <html lang="${brand.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${brand.texts[title]} · ${brand.name}</title>
        ${styleElement}
      </head>
      <body>
        <header class="brand">${logo(brand)}</header>
        <main>${main}</main>
        ${footer(brand)}
      </body>
    </html> `.text;
  const hash = createHash('sha256').update(style).digest('base64');
  const images = [brand.logoUrl, app?.logoUrl].map(pageUrl).filter((url) => url !== undefined);
  const directives = [
    `default-src 'none'`,
    `style-src 'sha256-${hash}'`,
    ...(images.length > 0 ? [`img-src ${[...new Set(images.map(urlOriginOf))].join(' ')}`] : []),
    `form-action ${["'self'", ...new Set(formTargets.map(sourceOf))].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ];
  return { html: text, contentSecurityPolicy: directives.join('; ') };
}

/** Returns the first letter of a name, shown where there is no picture. */
function initialOf(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '';
}

/** Returns an app with its picture and its owner. */
export function appLine({ texts, name: host }: Brand, app: PageApp): Html {
  const url = pageUrl(app.logoUrl);
  const picture = url
    ? html`<img src="${url}" alt="" width="48" height="48" />`
    : html`<span class="mark" aria-hidden="true">${initialOf(app.name)}</span>`;
  const owner = app.owner && html`<span>${say(texts.consentOwner, { owner: app.owner })}</span>`;
  const mark = html`<span class="verified">${say(texts.consentVerified, { host })}</span>`;
  return html`<div class="app">
    ${picture}
    <p><strong>${app.name}</strong>${owner}${app.isVerified === true && mark}</p>
  </div>`;
}

/** Returns a sentence that describes a problem; screen readers announce it. */
export function problemLine(problem: string | undefined): Html | undefined {
  return problem === undefined
    ? undefined
    : html`<p class="problem" role="alert" id="problem">${problem}</p>`;
}

function logo({ logoUrl, name }: Brand): Html {
  const url = pageUrl(logoUrl);
  if (url) return html`<img src="${url}" alt="${name}" height="40" />`;
  return html`<span class="mark" aria-hidden="true">${initialOf(name)}</span><span>${name}</span>`;
}

function footer({ links }: Brand): Html | undefined {
  const shown = links.flatMap(({ label, url }) => {
    const safe = pageUrl(url);
    return safe ? [html`<a href="${safe}">${label}</a>`] : [];
  });
  return shown.length === 0 ? undefined : html`<footer>${shown}</footer>`;
}

function urlOriginOf(url: string): string {
  return new URL(url).origin;
}

/**
 * Returns a source expression of the policy: an origin, or a scheme for an app on a device and for IPv6 hosts, which
 * policies cannot name.
 */
function sourceOf(target: string): string {
  const { protocol, origin, hostname } = new URL(target);
  if (protocol !== 'https:' && protocol !== 'http:') return protocol;
  return hostname.startsWith('[') ? protocol : origin;
}
