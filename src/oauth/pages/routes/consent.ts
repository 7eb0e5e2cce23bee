import type { Request, Response } from 'express';

import type { Person } from '../../ports.js';
import { isPermission } from '../../scopes.js';
import type { InteractionView } from '../../server/interactions.js';
import { appPage } from '../appPage.js';
import type { ConsentModel } from '../pageModel.js';
import {
  actionOf,
  fieldOf,
  formTargetsOf,
  formTokenOf,
  type InteractionRequest,
  loadFormStep,
  type PageRoutesDeps,
  sendPage,
  stepOf,
} from './step.js';

/** Shows which access the app requests, and lets the person choose an organization and scopes. */
export async function showConsent(
  deps: PageRoutesDeps,
  { step, view, person }: { step: InteractionRequest; view: InteractionView; person: Person },
): Promise<void> {
  const action = actionOf(deps, view);
  const { organizations, scopes, app } = view;
  const model: ConsentModel = {
    action,
    token: formTokenOf(deps, view),
    app: appPage(view.app),
    user: person.username,
    organizations,
    organizationId: organizations[0]?.id,
    needsOrganization: scopes.some(({ name }) => isPermission(name)),
    scopes: scopes.map((scope) => ({ ...scope, isFixed: scope.name === 'openid' })),
    lastsSeconds: view.grantDays * 86_400,
    returnsTo: app.returnsTo && displayOrigin(app.returnsTo),
    switchUrl: `${action}?switch=1`,
  };
  await sendPage(deps, step.res, { name: 'consent', model, formTargets: formTargetsOf(view) });
}

/** Approves the scopes and the organization that the form names. */
export async function approve(deps: PageRoutesDeps, req: Request, res: Response): Promise<void> {
  const step = stepOf(req, res);
  const view = await loadFormStep(deps, step);
  const given: unknown = (req.body as { readonly scope?: unknown } | undefined)?.scope;
  const scopes = [given].flat().filter((scope) => typeof scope === 'string');
  const organizationId = view.organizations.length > 0 ? fieldOf(req, 'organizationId') : undefined;
  await deps.interactions.approve(step, { organizationId, scopes });
}

/** Sends the browser back to the app with `access_denied`. */
export async function refuse(deps: PageRoutesDeps, req: Request, res: Response): Promise<void> {
  const step = stepOf(req, res);
  await loadFormStep(deps, step);
  await deps.interactions.refuse(step);
}

/**
 * Returns an origin as it is shown: `https://app.example.com` as `app.example.com`; any other scheme, of an app on a
 * device, unchanged.
 */
function displayOrigin(origin: string): string {
  return origin.replace(/^https:\/\//, '');
}
