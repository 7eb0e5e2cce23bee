import { createHash } from 'node:crypto';

import { checkOptions } from '../../src/app/checkOptions.js';
import { type Brand, brandOf, isPageUrl } from '../../src/oauth/pages/brand.js';
import {
  type Color,
  contrast,
  readableOn,
  readColor,
  showColor,
  textOn,
} from '../../src/oauth/pages/color.js';
import type { PageApp, PageModels, PageName } from '../../src/oauth/pages/pageModel.js';
import { createPages } from '../../src/oauth/pages/render.js';
import { styleOf } from '../../src/oauth/pages/style.js';
import { say, TEXTS, waitText } from '../../src/oauth/pages/texts.js';
import { Html, html } from '../../src/platform/html.js';

const HOSTILE = `"><script>alert('1')</script><img src=x onerror=\`alert(2)\`>&amp;`;

describe('a template', () => {
  it.each([
    [html`<p>${HOSTILE}</p>`, 'p', '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;'],
    [html`<a title="${HOSTILE}"></a>`, 'attribute', 'onerror=&#96;alert(2)&#96;&gt;&amp;amp;'],
  ])('escapes text: %#', (made, _, expected) => {
    expect(made.text).toContain(expected);
  });

  it('accepts HTML, lists of HTML and numbers; absent values are empty', () => {
    const items = ['<', html`<b>x</b>`, 0, undefined, false as const];
    expect(html`${items}${new Html('<i>')}${''}`.text).toBe('&lt;<b>x</b>0<i>');
  });

  it('fills placeholders of sentences, and escapes both', () => {
    const made = say('<{a}> is {b} for {a}, {c}', { a: html`<b>${'&'}</b>`, b: '<' });
    expect(made.text).toBe('&lt;<b>&amp;</b>&gt; is &lt; for <b>&amp;</b>, ');
  });
});

describe('colors', () => {
  it.each([
    ['#fff', [255, 255, 255]],
    ['#1f4FD8', [31, 79, 216]],
    [' #000000 ', [0, 0, 0]],
    ['red', undefined],
    ['#ffff', undefined],
    ['#12345g', undefined],
    ['#fff;}body{display:none', undefined],
  ])('%s is %j', (text, color) => {
    expect(readColor(text)).toEqual(color);
  });

  // Ratios as https://webaim.org/resources/contrastchecker/ gives them.
  it.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#ffffff', 8.59],
    ['#ffd166', '#ffd166', 1],
  ])('contrast of %s and %s is %d', (one, other, ratio) => {
    const [a, b] = [readColor(one), readColor(other)] as [Color, Color];
    expect(contrast(a, b)).toBeCloseTo(ratio, 1);
    expect(contrast(b, a)).toBe(contrast(a, b));
  });

  it.each([
    ['#ffffff', '#000000'],
    ['#000000', '#ffffff'],
    ['#ffd166', '#000000'],
    ['#1f4fd8', '#ffffff'],
    ['#777777', '#000000'],
    ['#757575', '#ffffff'],
  ])('text on %s is %s', (background, text) => {
    expect(showColor(textOn(readColor(background) as Color))).toBe(text);
  });

  it('can be read with any brand color, in light and dark', () => {
    const steps = [0, 51, 102, 128, 153, 204, 255];
    const brands = steps.flatMap((r) => steps.flatMap((g) => steps.map((b): Color => [r, g, b])));
    for (const brand of brands) {
      const style = styleOf(showColor(brand));
      const [light = '', dark = ''] = style.split('@media (prefers-color-scheme:dark)');
      for (const part of [light, dark]) {
        const of = (name: string) =>
          readColor(new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(part)?.[1] ?? '') as Color;
        const [card, accent] = [of('card'), of('accent')];
        expect(contrast(accent, of('on-accent'))).toBeGreaterThanOrEqual(4.5);
        expect(contrast(card, of('link'))).toBeGreaterThanOrEqual(4.5);
        expect(contrast(card, of('accent-edge'))).toBeGreaterThanOrEqual(3);
        for (const text of ['text', 'soft'] as const) {
          expect(contrast(card, of(text))).toBeGreaterThanOrEqual(4.5);
          expect(contrast(of('page'), of(text))).toBeGreaterThanOrEqual(4.5);
        }
        expect(contrast(of('wrong-card'), of('wrong'))).toBeGreaterThanOrEqual(4.5);
        expect(contrast(card, of('edge'))).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('are the host’s on the page, and the app’s only on the app’s part of it, where both can be read', () => {
    for (const [appColor, card] of [
      ['#ffd166', '#ffffff'],
      ['#000000', '#1a1d23'],
      ['#ffffff', '#ffffff'],
    ] as const) {
      const [ofHost, both] = [styleOf('#1f4fd8'), styleOf('#1f4fd8', appColor)];
      expect(both.startsWith(ofHost)).toBe(true);
      const rules = both.slice(ofHost.length);
      expect(rules.match(/^[^@{}\n]+(?=\{)/gm)).toEqual(['.app', '.app .mark']);
      const [, background = '', color = ''] =
        /background:(#\w{6});color:(#\w{6})/.exec(rules) ?? [];
      expect(contrast(readColor(background) as Color, readColor(color) as Color)).toBeGreaterThan(
        4.5,
      );
      const edges = [...rules.matchAll(/(?:solid |border-color:)(#\w{6})/g)].map(
        ([, edge]) => edge,
      );
      const best = edges.map((edge) =>
        contrast(readColor(edge ?? '') as Color, readColor(card) as Color),
      );
      expect(Math.max(...best)).toBeGreaterThanOrEqual(3);
    }
    expect(styleOf('#1f4fd8', 'red;}')).toBe(styleOf('#1f4fd8'));
  });

  it('stay unchanged when they can be read', () => {
    const [blue, white] = [readColor('#1f4fd8'), readColor('#fff')] as [Color, Color];
    expect(readableOn(white, blue, 4.5)).toEqual(blue);
  });
});

const app: PageApp = {
  name: HOSTILE,
  description: HOSTILE,
  owner: HOSTILE,
  logoUrl: 'https://img.example.com/a.png?x="><script>',
  color: '#fff}</style><script>',
  homepageUrl: 'javascript:alert(1)',
  privacyUrl: 'data:text/html,<script>alert(1)</script>',
  termsUrl: 'https://example.com/"onclick="alert(1)',
};
const form = { action: `/hub/${HOSTILE}`, token: HOSTILE, problem: HOSTILE };
const models: PageModels = {
  invitation: { ...form, organization: HOSTILE, role: HOSTILE, name: HOSTILE },
  invitationDone: { outcome: 'accepted', organization: HOSTILE },
  login: { ...form, app, name: HOSTILE, signUpUrl: HOSTILE },
  selectAccount: { ...form, app, user: HOSTILE, switchUrl: HOSTILE },
  consent: {
    ...form,
    app,
    user: HOSTILE,
    needsOrganization: true,
    organizations: [
      { id: 'a', name: HOSTILE },
      { id: HOSTILE, name: 'B' },
    ],
    organizationId: HOSTILE,
    switchUrl: HOSTILE,
    scopes: [{ name: HOSTILE, description: HOSTILE }],
    returnsTo: HOSTILE,
  },
  device: { ...form, code: HOSTILE },
  deviceConfirm: { ...form, app, code: HOSTILE },
  deviceDone: { app },
  logout: form,
  loggedOut: {},
  error: { message: HOSTILE, requestId: HOSTILE },
};
const names = Object.keys(models) as PageName[];
const brand = brandOf(
  { name: 'Parcel', forgotPasswordUrl: 'https://a.example/f' },
  'https://a.example/hub',
);
/** Branding that `checkOptions` would refuse. */
const hostile: Brand = {
  ...brand,
  name: HOSTILE,
  logoUrl: 'javascript:alert(1)',
  forgotPasswordUrl: 'javascript:alert(1)',
  links: [
    { label: HOSTILE, url: 'javascript:alert(1)' },
    { label: HOSTILE, url: 'https://example.com/terms' },
  ],
};
const render = (name: PageName, of: Brand = brand, formTargets?: string[]) =>
  createPages(of).render(name, models[name], { formTargets });
const policyOf = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
  headers['Content-Security-Policy'] ?? '';

describe.each(names)('the page %s', (name) => {
  it('shows foreign content as text', async () => {
    const { body } = await render(name, hostile);
    expect(body).not.toMatch(/<script|<img src=x|javascript:|data:text|"onclick/);
    expect(body.match(/<style>/g)).toHaveLength(1);
  });

  it('escapes everything, and cannot be framed', async () => {
    const { headers, body } = await render(name);
    expect(headers).toMatchObject({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Content-Type': 'text/html; charset=utf-8',
    });
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(body) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    const images = ['login', 'selectAccount', 'consent', 'deviceConfirm', 'deviceDone'].includes(
      name,
    )
      ? ' img-src https://img.example.com;'
      : '';
    expect(policyOf({ headers })).toBe(
      `default-src 'none'; style-src 'sha256-${hash}';${images} form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    // No attribute that the policy would have to allow.
    const tags = body.match(/<[a-z][^>]*>/g)?.map((tag) => tag.replace(/"[^"]*"/g, '""'));
    expect(tags?.length).toBeGreaterThan(10);
    expect(tags?.filter((tag) => /\s(?:style|on\w+)=/.test(tag))).toEqual([]);
  });

  it('has a language, a title, one heading, one main landmark, and a label for each field', async () => {
    const { body } = await render(name, brandOf({ language: 'pt-BR' }, 'https://a.example/hub'));
    expect(body).toMatch(/^<!doctype html>\s*<html lang="pt-BR">/i);
    expect(body).toMatch(/<title>[^<]+ · a\.example<\/title>/);
    for (const tag of ['<h1>', '<main>', '<header']) {
      expect(body.split(tag)).toHaveLength(2);
    }
    for (const [, id = ''] of body.matchAll(/<input\s+class="text[^>]*?\sid="(\w+)"/g)) {
      expect(body).toContain(`<label class="field" for="${id}">`);
    }
    for (const [image] of body.matchAll(/<img[^>]*>/g)) expect(image).toMatch(/ alt="/);
  });
});

describe('the targets of forms', () => {
  it.each([
    ['https://app.example.com:8443/cb?x=1', 'https://app.example.com:8443'],
    ['http://127.0.0.1:51004/cb', 'http://127.0.0.1:51004'],
    ['com.example.app:/cb', 'com.example.app:'],
    ['http://[::1]:51004/cb', 'http:'],
  ])('%s is allowed as %s', async (target, source) => {
    expect(policyOf(await render('login', brand, [target]))).toContain(
      `form-action 'self' ${source}; `,
    );
  });
});

describe('a page of the host', () => {
  const model = models.error;

  it('replaces the hub’s, with the hub’s policy', async () => {
    const pages = createPages(brand, { error: ({ message }) => `<p>${message.length}` });
    const page = await pages.render('error', model, { status: 410 });
    expect(page).toMatchObject({ status: 410, body: `<p>${String(HOSTILE.length)}` });
    expect(policyOf(page)).toContain("default-src 'none'");
    expect((await pages.render('loggedOut', {})).body).toContain(TEXTS.loggedOutHeading);
  });

  it('can use the hub’s template, which escapes', async () => {
    const pages = createPages(brand, { error: ({ message }) => html`<p>${message}</p>` });
    const { body } = await pages.render('error', model);
    expect(body).toMatch(/^<p>&quot;&gt;&lt;script&gt;/);
  });

  it('is a function for an existing page', () => {
    const options = { secret: 'a'.repeat(32), publicUrl: 'https://a.example/hub' };
    const given = (pages: object) => () => checkOptions({ ...options, pages });
    expect(given({ login: '<p>' })).toThrow('pages.login: must be a function');
    expect(given({ signUp: () => '' })).toThrow('pages');
    expect(given({ login: () => '' })).not.toThrow();
  });

  it('can have a policy of its own, and keeps the other headers', async () => {
    const contentSecurityPolicy = "default-src 'self'";
    const pages = createPages(brand, { error: async () => ({ html: 'x', contentSecurityPolicy }) });
    const { headers, body } = await pages.render('error', model);
    expect([body, policyOf({ headers })]).toEqual(['x', contentSecurityPolicy]);
    expect(headers['X-Frame-Options']).toBe('DENY');
  });

  it('can be a URL, which gets the target of the form', async () => {
    const pages = createPages(brand, { login: () => ({ redirectTo: 'https://a.example/in?a=1' }) });
    const page = await pages.render('login', { action: '/x/login', token: 't&' });
    expect([page.status, page.headers['Location'], page.body]).toEqual([
      303,
      'https://a.example/in?a=1&action=%2Fx%2Flogin&token=t%26',
      '',
    ]);
  });
});

describe('branding', () => {
  const options = { secret: 'a'.repeat(32), publicUrl: 'https://a.example/hub' };

  it.each<[object, string]>([
    [{ logoUrl: 'javascript:alert(1)' }, 'branding.logoUrl: must be an https:// URL'],
    [{ logoUrl: 'http://example.com/a.png' }, 'branding.logoUrl'],
    [{ links: [{ label: 'x', url: 'data:text/html,x' }] }, 'branding.links.0.url'],
    [{ forgotPasswordUrl: '/forgot' }, 'branding.forgotPasswordUrl'],
    [{ color: 'red' }, 'branding.color: must be a color such as #1f4fd8'],
    [{ language: 'en"><script>' }, 'branding.language'],
    [{ name: '' }, 'branding.name'],
    [{ texts: { noSuchText: 'x' } }, 'branding.texts'],
  ])('%j is refused', (branding, problem) => {
    expect(() => checkOptions({ ...options, branding })).toThrow(problem);
  });

  it('has texts of the host besides those of the hub', () => {
    const { branding } = checkOptions({ ...options, branding: { texts: { cancel: 'Abbrechen' } } });
    const { texts, name } = brandOf(branding, options.publicUrl);
    expect([texts.cancel, texts.loginTitle, name]).toEqual(['Abbrechen', 'Log in', 'a.example']);
  });

  it.each([
    ['https://example.com/a', true],
    ['http://localhost:3000/a', true],
    ['http://127.0.0.1/a', true],
    ['http://example.com/a', false],
    ['https://user:secret@example.com/', false],
    ['JavaScript:alert(1)', false],
    [' javascript:alert(1)', false],
    ['//example.com', false],
    ['', false],
  ])('%s is allowed on a page: %s', (url, may) => {
    expect(isPageUrl(url)).toBe(may);
  });

  it.each([
    [1, '1 seconds'],
    [120, '120 seconds'],
    [121, '3 minutes'],
    [900, '15 minutes'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(waitText(TEXTS, seconds)).toBe(text);
  });
});
