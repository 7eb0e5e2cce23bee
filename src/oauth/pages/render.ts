import type { ServerResponse } from 'node:http';

import { Html } from '../../platform/html.js';
import { selectAccountPage } from './accountPage.js';
import type { Brand } from './brand.js';
import { consentPage } from './consentPage.js';
import { deviceConfirmPage, deviceDonePage, devicePage } from './devicePages.js';
import { invitationDonePage, invitationPage } from './invitationPage.js';
import type { Page } from './layout.js';
import { loginPage } from './loginPage.js';
import type { PageModels, PageName } from './pageModel.js';
import { errorPage, loggedOutPage, logoutPage } from './plainPages.js';

/**
 * The return value of a host's own page function:
 *
 * - HTML, best made with `html`. It is sent under the hub's Content-Security-Policy, which allows no script and no
 * other style.
 * - `{ html, contentSecurityPolicy }`: HTML with its own policy.
 * - `{ redirectTo }`: a URL on the same site, to which the browser is sent with `action` and `token` of the form in the
 * query.
 */
export type HostPage =
  | string
  | Html
  | { readonly html: string; readonly contentSecurityPolicy: string }
  | { readonly redirectTo: string };

/** Pages of the host's own, in place of the hub's. */
export type HostPages = {
  readonly [Name in PageName]?: (
    model: PageModels[Name],
    brand: Brand,
  ) => HostPage | Promise<HostPage>;
};

export interface PageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RenderOptions {
  readonly status?: number | undefined;
  /** Targets of the page's forms besides the hub. */
  readonly formTargets?: readonly string[] | undefined;
}

export interface Pages {
  readonly brand: Brand;
  render<Name extends PageName>(
    name: Name,
    model: PageModels[Name],
    options?: RenderOptions,
  ): Promise<PageResponse>;
  /** The hub's own page, even when the host has one of its own. */
  plain<Name extends PageName>(
    name: Name,
    model: PageModels[Name],
    options?: RenderOptions,
  ): PageResponse;
}

export function createPages(brand: Brand, own: HostPages = {}): Pages {
  const plain: Pages['plain'] = (name, model, { status = 200, formTargets = [] } = {}) =>
    responseOf(status, OURS[name](brand, model, formTargets));
  return {
    brand,
    plain,
    async render(name, model, { status = 200, formTargets = [] } = {}) {
      const ours = OURS[name](brand, model, formTargets);
      const hosts = await own[name]?.(model, brand);
      if (hosts === undefined) return responseOf(status, ours);
      if (hosts instanceof Html) return responseOf(status, { ...ours, html: hosts.text });
      if (typeof hosts === 'string') return responseOf(status, { ...ours, html: hosts });
      if ('html' in hosts) return responseOf(status, hosts);
      const target = new URL(hosts.redirectTo);
      if ('action' in model) target.searchParams.set('action', model.action);
      if ('token' in model) target.searchParams.set('token', model.token);
      if ('problem' in model && model.problem !== undefined)
        target.searchParams.set('problem', model.problem);
      return { status: 303, headers: { ...HEADERS, Location: target.href }, body: '' };
    },
  };
}

export function sendResponse(res: ServerResponse, { status, headers, body }: PageResponse): void {
  res.writeHead(status, headers);
  res.end(body);
}

type Ours = {
  readonly [Name in PageName]: (
    brand: Brand,
    model: PageModels[Name],
    formTargets: readonly string[],
  ) => Page;
};

const OURS: Ours = {
  login: loginPage,
  selectAccount: selectAccountPage,
  consent: consentPage,
  logout: logoutPage,
  device: devicePage,
  deviceConfirm: deviceConfirmPage,
  deviceDone: deviceDonePage,
  loggedOut: loggedOutPage,
  invitation: invitationPage,
  invitationDone: invitationDonePage,
  error: errorPage,
};

export const PAGE_NAMES = Object.keys(OURS) as readonly PageName[];

/** Pages are not framed, cached or sniffed, and links on them send no referrer. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

function responseOf(status: number, { html, contentSecurityPolicy }: Page): PageResponse {
  const type = { 'Content-Type': 'text/html; charset=utf-8' };
  const policy = { 'Content-Security-Policy': contentSecurityPolicy };
  return { status, headers: { ...HEADERS, ...type, ...policy }, body: html };
}
