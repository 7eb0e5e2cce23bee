import type { Request, Response } from 'express';

import type { Log } from '../../../platform/log.js';
import type { BruteForceProtection, LoginProtection } from '../../../security/index.js';
import { oauthErrors } from '../../errors.js';
import type { People } from '../../ports.js';
import type { Interactions, InteractionStep, InteractionView } from '../../server/interactions.js';
import type { FormTokens } from '../formToken.js';
import type { PageModels, PageName } from '../pageModel.js';
import { type Pages, type RenderOptions, sendResponse } from '../render.js';

/** The dependencies of the routes of the pages. */
export interface PageRoutesDeps {
  readonly interactions: Interactions;
  readonly people: People;
  readonly pages: Pages;
  readonly forms: FormTokens;
  readonly bruteForce: BruteForceProtection;
  readonly logins: LoginProtection;
  readonly log: Log;
  /** The public URL of the authorization server. */
  readonly issuer: string;
  now(): Date;
}

/** A request to one step of an interaction, with Express's own request and response. */
export interface InteractionRequest extends InteractionStep {
  readonly req: Request;
  readonly res: Response;
}

/** Returns the step that a URL under `/interaction/:uid` names. */
export function stepOf(req: Request, res: Response): InteractionRequest {
  return { req, res, uid: String(req.params['uid']) };
}

/**
 * Returns the step of a submitted form. Throws OAuthStepExpired, or FormNotOurs when the form did not come from the
 * step's page.
 */
export async function loadFormStep(
  { interactions, forms }: PageRoutesDeps,
  { req, res, uid }: InteractionRequest,
): Promise<InteractionView> {
  const view = await interactions.load(req, res, uid);
  if (!forms.isOurs(fieldOf(req, 'token'), signedPartsOf(view))) throw oauthErrors.FormNotOurs();
  return view;
}

/** Returns the token for the forms of a step's page. */
export function formTokenOf({ forms }: PageRoutesDeps, view: InteractionView): string {
  return forms.make(signedPartsOf(view));
}

/** Returns the values that the token of a form signs: the step, the user, the app and the scopes that were shown. */
function signedPartsOf({ uid, prompt, person, app, scopes }: InteractionView): readonly string[] {
  return [uid, prompt, person?.id ?? '', app.id, ...scopes.map(({ name }) => name)];
}

/** Returns the path of a step, to which the names of its forms are appended. */
export function actionOf({ issuer }: PageRoutesDeps, { uid }: InteractionView): string {
  return `${new URL(issuer).pathname}/interaction/${encodeURIComponent(uid)}`;
}

/** Targets of a step's forms: finally the app. Empty for devices. */
export function formTargetsOf({ app: { returnsTo } }: InteractionView): readonly string[] {
  return returnsTo === undefined ? [] : [returnsTo];
}

/** Sends a page. */
export async function sendPage<Name extends PageName>(
  { pages }: PageRoutesDeps,
  res: Response,
  {
    name,
    model,
    ...options
  }: { readonly name: Name; readonly model: PageModels[Name] } & RenderOptions,
): Promise<void> {
  sendResponse(res, await pages.render(name, model, options));
}

/** Returns a field of a form; `undefined` when it is missing or was sent more than once. */
export function fieldOf({ body }: Request, name: string): string | undefined {
  const value = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}
