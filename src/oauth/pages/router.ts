import express, { type Request, type Response, type Router } from 'express';

import type { Interactions, InteractionView } from '../interactions.js';
import { isTold } from '../interactions.js';
import { escaped, page } from './html.js';

/** The pages on which people sign in and consent, beneath `/interaction`. */
export function pagesRouter(interactions: Interactions): Router {
  const router = express.Router();
  const step = (req: Request, res: Response) => ({ req, res, uid: String(req.params['uid']) });
  const route =
    (run: (req: Request, res: Response) => Promise<void>) => (req: Request, res: Response) =>
      run(req, res).catch((error: unknown) => {
        if (!isTold(error)) throw error;
        send(res, error.spec.status, page('That did not work', `<p>${escaped(error.message)}</p>`));
      });
  router.use(express.urlencoded({ extended: false, limit: '20kb' }));
  router.get(
    '/:uid',
    route(async (req, res) => {
      const view = await interactions.load(req, res, String(req.params['uid']));
      send(res, 200, view.prompt === 'login' ? loginPage(view) : consentPage(view));
    }),
  );
  router.post(
    '/:uid/login',
    route(async (req, res) => {
      const { name, password } = fields(req);
      await interactions.logIn(step(req, res), { name: name ?? '', password: password ?? '' });
    }),
  );
  router.post(
    '/:uid/approve',
    route(async (req, res) => {
      const { organizationId } = fields(req);
      const given: unknown = (req.body as { readonly scope?: unknown } | undefined)?.scope;
      const scopes = [given].flat().filter((scope) => typeof scope === 'string');
      await interactions.approve(step(req, res), { organizationId, scopes });
    }),
  );
  router.post(
    '/:uid/refuse',
    route((req, res) => interactions.refuse(step(req, res))),
  );
  return router;
}

function fields(req: Request): Readonly<Record<string, string | undefined>> {
  const body = (req.body ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function send(res: Response, status: number, html: string): void {
  res
    .status(status)
    .set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      'Referrer-Policy': 'no-referrer',
    })
    .type('html')
    .send(html);
}

function loginPage({ uid, app, loginHint = '' }: InteractionView): string {
  return page(
    `Sign in to go on to ${app.name}`,
    `<form method="post" action="${escaped(uid)}/login"><label>Name <input name="name" value="${escaped(loginHint)}" autocomplete="username" required></label><label>Password <input name="password" type="password" autocomplete="current-password" required></label><button>Sign in</button></form>`,
  );
}

function consentPage({ uid, app, scopes, organizations }: InteractionView): string {
  const asked = scopes.map(
    ({ name, words }) =>
      `<li><label><input type="checkbox" name="scope" value="${escaped(name)}" checked> ${escaped(words)}</label></li>`,
  );
  const choices = organizations.map(
    ({ id, name }) => `<option value="${escaped(id)}">${escaped(name)}</option>`,
  );
  const select =
    choices.length > 0
      ? `<label>In <select name="organizationId">${choices.join('')}</select></label>`
      : '';
  return page(
    `${app.name} asks to`,
    `<form method="post" action="${escaped(uid)}/approve"><ul>${asked.join('')}</ul>${select}<button>Approve</button></form><form method="post" action="${escaped(uid)}/refuse"><button>Refuse</button></form>`,
  );
}
