import type { KoaContextWithOIDC, Provider } from 'oidc-provider';

import { type Guessing, waitSecondsIn } from '../../security/index.js';
import type { PageApp, PageModels, PageName } from './pageModel.js';
import type { Pages } from './render.js';
import { waitText } from './texts.js';

/** What the authorization server needs of those who show its pages and count what is guessed at it. */
export interface PageRenderer {
  readonly pages: Pages;
  readonly bruteForce: Guessing;
  appOf(appId: string): Promise<PageApp | undefined>;
}

/** Answers a request to the authorization server with a page. */
async function showOn<Name extends PageName>(
  ctx: KoaContextWithOIDC,
  { pages }: Pick<PageRenderer, 'pages'>,
  { name, model }: { readonly name: Name; readonly model: PageModels[Name] },
): Promise<void> {
  const { status, headers, body } = await pages.render(name, model, { status: ctx.status });
  ctx.set(headers);
  ctx.body = body;
  ctx.status = status;
}

/** What went wrong before there is anywhere to send the browser back to. */
export async function showError(
  ctx: KoaContextWithOIDC,
  pageRenderer: PageRenderer,
  { error, description }: { readonly error: string; readonly description: string | undefined },
): Promise<void> {
  const { texts } = pageRenderer.pages.brand;
  const isOver = ctx.oidc.route.endsWith('resume') && error === 'invalid_request';
  const requestMessage = isOver ? texts.errorStale : texts.errorRequest;
  const message = error === 'server_error' ? texts.errorOurs : requestMessage;
  const detail = isOver || error === 'server_error' ? undefined : [error, description].join(': ');
  const requestId = requestIdOf(ctx);
  await showOn(ctx, pageRenderer, { name: 'error', model: { message, detail, requestId } });
}

/** Asks for the code of a device; says why when it did not work. */
export async function showDevice(
  ctx: KoaContextWithOIDC,
  pageRenderer: PageRenderer,
  problem: { readonly name: string; readonly userCode?: string } | undefined,
): Promise<void> {
  const { texts } = pageRenderer.pages.brand;
  const { wait, code } = notesOf(ctx);
  if (wait !== undefined) {
    ctx.status = 429;
    ctx.set('Retry-After', String(wait));
  }
  const problemText = {
    AbortedError: texts.deviceCanceled,
    NoCodeError: texts.deviceIntro,
  }[problem?.name ?? ''];
  const model = {
    ...deviceForm(ctx),
    code: problem?.userCode ?? code,
    problem:
      wait !== undefined
        ? texts.errorWait.replace('{wait}', waitText(texts, wait))
        : problem && (problemText ?? texts.deviceUnknown),
  };
  await showOn(ctx, pageRenderer, { name: 'device', model });
}

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

export async function showDeviceDone(
  ctx: KoaContextWithOIDC,
  pageRenderer: PageRenderer,
): Promise<void> {
  const { client } = ctx.oidc;
  const app = client && (await pageRenderer.appOf(client.clientId));
  await showOn(ctx, pageRenderer, { name: 'deviceDone', model: { app } });
}

/**
 * Counts what is guessed at the authorization server, and has what it answers framed and kept by nobody. `refuse` makes the
 * library's error of a status.
 */
export function guard(
  provider: Provider,
  pageRenderer: PageRenderer,
  { now, refuse }: { now(): KoaContextWithOIDC | undefined; refuse(status: number): Error },
): void {
  provider.use(async (ctx, next) => {
    ctx.set({ 'X-Frame-Options': 'DENY', 'X-Content-Type-Options': 'nosniff' });
    prefill(ctx as KoaContextWithOIDC);
    await next();
  });
  guardSecrets(provider, pageRenderer, { now, refuse });
  guardCodes(provider, pageRenderer, now);
}

/** A code in the address is put into the form: the library would need JavaScript for it. */
function prefill(ctx: KoaContextWithOIDC): void {
  if (ctx.method !== 'GET' || ctx.path !== '/device') return;
  const { user_code: code, ...rest } = ctx.query;
  if (typeof code !== 'string') return;
  ctx.query = rest;
  notesOf(ctx).code = code.slice(0, 40);
}

function guardSecrets(
  provider: Provider,
  { bruteForce: guessing }: PageRenderer,
  { now, refuse }: { now(): KoaContextWithOIDC | undefined; refuse(status: number): Error },
): void {
  const { prototype } = provider.Client as unknown as {
    prototype: { compareClientSecret(given: string): Promise<boolean> };
  };
  const { compareClientSecret: compare } = prototype;
  Object.defineProperty(prototype, 'compareClientSecret', {
    async value(this: { readonly clientId: string }, given: string) {
      const ctx = now();
      const secret = JSON.stringify([this.clientId, given]);
      const attempt = { what: 'clientSecret', address: ctx && addressOf(ctx), secret } as const;
      try {
        const test = async () => ((await compare.call(this as never, given)) ? true : undefined);
        return (await guessing.attempt(attempt, test)) ?? false;
      } catch (error) {
        const seconds = waitSecondsIn(error);
        if (seconds === undefined) throw error;
        ctx?.set('Retry-After', String(seconds));
        throw refuse(429);
      }
    },
  });
}

function guardCodes(
  provider: Provider,
  { bruteForce: guessing }: PageRenderer,
  now: () => KoaContextWithOIDC | undefined,
): void {
  const codes = provider.DeviceCode as unknown as {
    findByUserCode(code: string, options?: object): Promise<object | undefined>;
  };
  const find = codes.findByUserCode.bind(codes);
  Object.defineProperty(codes, 'findByUserCode', {
    async value(code: string, options?: object) {
      const ctx = now();
      const attempt = { what: 'userCode', address: ctx && addressOf(ctx) } as const;
      try {
        return await guessing.attempt(attempt, () => find(code, options));
      } catch (error) {
        const seconds = waitSecondsIn(error);
        if (seconds === undefined || !ctx) throw error;
        notesOf(ctx).wait = seconds;
        return undefined;
      }
    },
  });
}

/** What is kept of a request until its page is made. */
interface Notes {
  wait?: number;
  code?: string;
}
const notes = new WeakMap<object, Notes>();

function notesOf({ req }: KoaContextWithOIDC): Notes {
  const known = notes.get(req) ?? {};
  notes.set(req, known);
  return known;
}

function deviceForm(ctx: KoaContextWithOIDC) {
  const { state } = ctx.oidc.session ?? {};
  const { secret } = (state ?? {}) as { readonly secret?: unknown };
  return {
    action: ctx.oidc.urlFor('code_verification'),
    token: typeof secret === 'string' ? secret : '',
  };
}

/** As Express tells it, which knows what proxies are trusted. */
function addressOf({ req, ip }: KoaContextWithOIDC): string {
  return (req as { readonly ip?: string }).ip ?? ip;
}

function requestIdOf({ req }: KoaContextWithOIDC): string {
  return String(req.headers['x-request-id']);
}
