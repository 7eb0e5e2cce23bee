import type { KoaContextWithOIDC } from 'oidc-provider';

import type { BruteForceProtection } from '../../security/index.js';
import { notesOf } from '../server/requestNotes.js';
import type { PageApp, PageModels, PageName } from './pageModel.js';
import type { Pages } from './render.js';
import { waitText } from './texts.js';

/** The dependencies of the authorization server for showing its pages and counting failed attempts. */
export interface PageRenderer {
  readonly pages: Pages;
  readonly bruteForce: BruteForceProtection;
  appOf(appId: string): Promise<PageApp | undefined>;
}

/** Sends a page as the response of a request to the authorization server. */
async function showOn<Name extends PageName>(
  ctx: KoaContextWithOIDC,
  { pages }: Pick<PageRenderer, 'pages'>,
  {
    name,
    model,
    status: given,
  }: { readonly name: Name; readonly model: PageModels[Name]; readonly status?: number },
): Promise<void> {
  const { status, headers, body } = await pages.render(name, model, { status: given ?? 200 });
  ctx.set(headers);
  ctx.body = body;
  ctx.status = status;
}

/** Shows an error after which the browser cannot be redirected to the app, such as an unknown redirect URI. */
export async function showError(
  ctx: KoaContextWithOIDC,
  pageRenderer: PageRenderer,
  { error, description }: { readonly error: string; readonly description: string | undefined },
): Promise<void> {
  const { texts } = pageRenderer.pages.brand;
  const isOver = ctx.oidc.route.endsWith('resume') && error === 'invalid_request';
  const requestMessage = isOver ? texts.errorStale : texts.errorRequest;
  const { isAppDisabled } = notesOf(ctx);
  const specific = isAppDisabled === true ? texts.errorDisabled : requestMessage;
  const message = error === 'server_error' ? texts.errorOurs : specific;
  const isPlain = isOver || isAppDisabled === true || error === 'server_error';
  const detail = isPlain ? undefined : [error, description].join(': ');
  const requestId = requestIdOf(ctx);
  const model = { message, detail, requestId };
  await showOn(ctx, pageRenderer, { name: 'error', model, status: ctx.status });
}

/** Shows the form for the code of a device, with the reason when the last code did not work. */
export async function showDevice(
  ctx: KoaContextWithOIDC,
  pageRenderer: PageRenderer,
  problem: { readonly name: string; readonly userCode?: string } | undefined,
): Promise<void> {
  const { texts } = pageRenderer.pages.brand;
  const { waitSeconds, userCode, isAppDisabled } = notesOf(ctx);
  if (waitSeconds !== undefined) ctx.set('Retry-After', String(waitSeconds));
  const problemText = {
    AbortedError: texts.deviceCanceled,
    NoCodeError: texts.deviceIntro,
  }[problem?.name ?? ''];
  const model = {
    ...deviceForm(ctx),
    code: problem?.userCode ?? userCode,
    problem:
      waitSeconds !== undefined
        ? texts.errorWait.replace('{wait}', waitText(texts, waitSeconds))
        : problem &&
          (isAppDisabled === true ? texts.errorDisabled : (problemText ?? texts.deviceUnknown)),
  };
  // Without a problem the library has set no status yet.
  const status = waitSeconds !== undefined ? 429 : problem ? ctx.status : 200;
  await showOn(ctx, pageRenderer, { name: 'device', model, status });
}

/** Shows which app a device code belongs to, and asks whether it is the one on the device. */
export async function showDeviceConfirm(
  ctx: KoaContextWithOIDC,
  pageRenderer: PageRenderer,
  { appId, code }: { readonly appId: string; readonly code: string },
): Promise<void> {
  const app = (await pageRenderer.appOf(appId)) ?? { name: appId };
  await showOn(ctx, pageRenderer, {
    name: 'deviceConfirm',
    model: { ...deviceForm(ctx), app, code },
  });
}

/** Shows that the device is connected. */
export async function showDeviceDone(
  ctx: KoaContextWithOIDC,
  pageRenderer: PageRenderer,
): Promise<void> {
  const { client } = ctx.oidc;
  const app = client && (await pageRenderer.appOf(client.clientId));
  await showOn(ctx, pageRenderer, { name: 'deviceDone', model: { app } });
}

/** Puts `?user_code=` of the URL into the form of the device page: the library itself would need JavaScript for it. */
export function prefillUserCode(ctx: KoaContextWithOIDC): void {
  if (ctx.method !== 'GET' || ctx.path !== '/device') return;
  const { user_code: code, ...rest } = ctx.query;
  if (typeof code !== 'string') return;
  ctx.query = rest;
  notesOf(ctx).userCode = code.slice(0, USER_CODE_LENGTH_MAX);
}

const USER_CODE_LENGTH_MAX = 40;

function deviceForm(ctx: KoaContextWithOIDC) {
  const { state } = ctx.oidc.session ?? {};
  const { secret } = (state ?? {}) as { readonly secret?: unknown };
  return {
    action: ctx.oidc.urlFor('code_verification'),
    token: typeof secret === 'string' ? secret : '',
  };
}

function requestIdOf({ req }: KoaContextWithOIDC): string {
  return String(req.headers['x-request-id']);
}
