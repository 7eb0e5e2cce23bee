import type { Request, Response } from 'express';

import type { Person } from '../../ports.js';
import type { InteractionView } from '../../server/interactions.js';
import { appPage } from '../appPage.js';
import type { Brand } from '../brand.js';
import {
  actionOf,
  formTargetsOf,
  formTokenOf,
  type InteractionRequest,
  loadFormStep,
  type PageRoutesDeps,
  sendPage,
  stepOf,
} from './step.js';

/** Shows who is logged in, and lets them continue or log in as another user. */
export async function showAccounts(
  deps: PageRoutesDeps,
  { step, view, person }: { step: InteractionRequest; view: InteractionView; person: Person },
): Promise<void> {
  const action = actionOf(deps, view);
  const model = {
    action,
    token: formTokenOf(deps, view),
    app: appPage(view.app),
    user: person.username,
    switchUrl: `${action}?switch=1`,
  };
  const formTargets = formTargetsOf(view);
  await sendPage(deps, step.res, { name: 'selectAccount', model, formTargets });
}

/** Continues as the user who is logged in. */
export async function keepAccount(
  deps: PageRoutesDeps,
  req: Request,
  res: Response,
): Promise<void> {
  const step = stepOf(req, res);
  await loadFormStep(deps, step);
  await deps.interactions.keepAccount(step);
}

/**
 * Returns the host’s page on which people sign up; `undefined` when it has none. Its query parameter `return_to` is the log-in
 * page of the step, to which the host’s page sends them back.
 */
export function signUpUrlOf(
  { issuer }: PageRoutesDeps,
  { signUpUrl }: Brand,
  { uid }: InteractionView,
): string | undefined {
  if (signUpUrl === undefined) return undefined;
  const url = new URL(signUpUrl);
  const back = `${issuer}/interaction/${encodeURIComponent(uid)}?switch=1`;
  url.searchParams.set('return_to', back);
  return url.href;
}
