import express, { type Request, type RequestHandler, type Response } from 'express';

import type { Services } from '../app/services.js';
import { AppError } from '../contract/index.js';
import { sendResponse } from '../oauth/index.js';
import { organizationErrors } from '../organizations/index.js';
import { requestIdOf } from '../platform/requestId.js';
import { waitSecondsIn } from '../security/index.js';
import { queryText } from './connectRoutes.js';

type PageServices = Pick<Services, 'audit' | 'invitations' | 'oauth'>;

interface InvitationPages {
  readonly services: () => PageServices;
  /** The public URL of the hub. */
  readonly publicUrl: string;
}

/**
 * `/invitations?invitation=<token>`: the page to which invitations link. It shows the organization and the role; a user
 * accepts or declines with their password. There is no session, so that another site cannot send the form for them.
 */
export function invitationRoutes(pages: InvitationPages): {
  readonly show: RequestHandler;
  readonly answer: RequestHandler[];
} {
  return {
    show: (req, res, next) => {
      show(pages, res, { token: queryText(req, 'invitation') ?? '' }).catch(next);
    },
    answer: [
      express.urlencoded({ extended: false, limit: '20kb', parameterLimit: 20 }),
      (req, res, next) => {
        answer(pages, req, res).catch(next);
      },
    ],
  };
}

interface Shown {
  readonly token: string;
  readonly name?: string;
  readonly problem?: string;
  readonly status?: number;
}

async function show(
  { services, publicUrl }: InvitationPages,
  res: Response,
  { token, status = 200, ...form }: Shown,
): Promise<void> {
  const { invitations, oauth } = services();
  try {
    const { row, organization } = await invitations.preview(token);
    const action = `${new URL(publicUrl).pathname.replace(/\/$/, '')}/invitations`;
    const model = { action, token, organization: organization.name, role: row.role, ...form };
    sendResponse(res, await oauth.pages.render('invitation', model, { status }));
  } catch (error) {
    if (!isNotValid(error)) throw error;
    await showDone(services(), res, { outcome: 'notValid', status: 404 });
  }
}

async function answer(pages: InvitationPages, req: Request, res: Response): Promise<void> {
  const services = pages.services();
  const { invitations, oauth } = services;
  const { texts } = oauth.pages.brand;
  const [token, name, password] = [field(req, 'token'), field(req, 'name'), field(req, 'password')];
  try {
    // First: without an invitation, the form accepts no passwords.
    const { organization } = await invitations.preview(token);
    const person = await oauth.findByPassword({ address: req.ip, name, password });
    if (!person) {
      await show(pages, res, { token, name, problem: texts.loginWrong, status: 400 });
      return;
    }
    const accepts = field(req, 'answer') === 'accept';
    const named = accepts ? 'acceptOrganizationInvitation' : 'declineOrganizationInvitation';
    await services.audit.watch(watchedAs(req, named), async () => {
      if (accepts) await invitations.accept(person.id, { token });
      else await invitations.decline(person.id, { token });
    });
    const outcome = accepts ? 'accepted' : 'declined';
    await showDone(services, res, { outcome, organization: organization.name });
  } catch (error) {
    const seconds = waitSecondsIn(error);
    if (seconds !== undefined) {
      res.setHeader('Retry-After', seconds);
      const problem = oauth.waitProblem(seconds);
      await show(pages, res, { token, name, problem, status: 429 });
    } else if (isNotValid(error))
      await showDone(services, res, { outcome: 'notValid', status: 404 });
    else throw error;
  }
}

async function showDone(
  { oauth }: PageServices,
  res: Response,
  {
    outcome,
    organization = '',
    status = 200,
  }: {
    readonly outcome: 'accepted' | 'declined' | 'notValid';
    readonly organization?: string;
    readonly status?: number;
  },
): Promise<void> {
  const page = await oauth.pages.render('invitationDone', { outcome, organization }, { status });
  sendResponse(res, page);
}

function watchedAs(req: Request, named: string) {
  return {
    function: named,
    actor: 'browser',
    address: req.ip,
    agent: req.get('user-agent'),
    requestId: requestIdOf(req.headers),
  } as const;
}

function isNotValid(error: unknown): boolean {
  return error instanceof AppError && error.spec === organizationErrors.InvitationNotValid.spec;
}

function field({ body }: Request, name: string): string {
  const value = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}
