/** A minimal browser without JavaScript: cookies with their paths, redirects, forms. */
export interface Browser {
  /** Follows redirects while they stay at `origin`; returns the page, or the URL it was redirected to. */
  open(url: string): Promise<Shown>;
  /** Sends a form of a page. */
  submit(page: Page, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Shown>;
  readonly cookies: ReadonlyMap<string, string>;
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}
export interface Shown {
  /** The page that it ends on. */
  readonly page?: Page;
  /** The URL outside of the hub that it was redirected to. */
  readonly left?: URL;
}

/** `send` is how it sends requests. */
export function openBrowser(origin: string, send: typeof fetch = fetch): Browser {
  const cookies = new Map<string, string>();
  const paths = new Map<string, string>();

  /** https://www.rfc-editor.org/rfc/rfc6265#section-5.1.4 */
  function isSent(name: string, { pathname }: URL): boolean {
    const path = paths.get(name) ?? '/';
    return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
  }

  async function go(url: string, init: RequestInit = {}): Promise<Shown> {
    const target = new URL(url, origin);
    if (target.origin !== origin) return { left: target };
    const cookie = [...cookies]
      .filter(([name]) => isSent(name, target))
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    const response = await send(target, {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', ...(cookie && { cookie }), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
      paths.set(name, /; path=([^;]*)/i.exec(line)?.[1] ?? '/');
    }
    const location = response.headers.get('location');
    if (location !== null) return go(new URL(location, target).href);
    const { status, headers } = response;
    return { page: { url: target.href, status, headers, html: await response.text() } };
  }

  return {
    cookies,
    open: (url) => go(url),
    submit(page, fields) {
      const { action, hidden } = formOf(page, fields);
      const body = new URLSearchParams(hidden);
      for (const [name, value] of Object.entries(fields)) {
        body.delete(name);
        for (const each of [value].flat()) body.append(name, each);
      }
      return go(action, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      });
    },
  };
}

/** Returns the page; throws when the browser was redirected away. */
export const pageOf = ({ page, left }: Shown): Page => {
  if (!page) throw new Error(`The browser left for ${left?.href ?? 'nowhere'}.`);
  return page;
};
/** Returns the URL that the browser was redirected to; throws when it was not. */
export const leftFor = ({ page, left }: Shown): URL => {
  if (!left) throw new Error(`The browser is still at ${page?.url ?? ''}: ${page?.html ?? ''}`);
  return left;
};
/** Sends a form that belongs to no page, with the cookies of a browser. */
export const post = (
  browser: Browser,
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    },
    body: new URLSearchParams(fields),
  });
/** Returns the token in a page’s form. */
export const tokenIn = ({ html }: Page) => /name="token"\s+value="([^"]+)"/.exec(html)?.[1] ?? '';

/** Returns the first form of a page that has all of these fields, with the values of its other fields. */
function formOf({ url, html }: Page, fields: object) {
  const forms = html.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const names = Object.keys(fields);
  const form = forms.find((each) => names.every((name) => each.includes(`name="${name}"`)));
  if (form === undefined) throw new Error(`No form with ${names.join(', ')} in ${html}`);
  const action = attribute(/<form[^>]*>/.exec(form)?.[0] ?? '', 'action') ?? url;
  const hidden = (form.match(/<input[^>]*type="hidden"[^>]*>/g) ?? []).map(
    (input): [string, string] => [attribute(input, 'name') ?? '', attribute(input, 'value') ?? ''],
  );
  return { action: new URL(action, url).href, hidden };
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return value
    ?.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    .replace(/&amp;/g, '&');
}
