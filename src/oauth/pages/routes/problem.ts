import type { Request, Response } from 'express';

import { AppError } from '../../../contract/index.js';
import { sendResponse } from '../render.js';
import type { PageRoutesDeps } from './step.js';

/**
 * Sends the error page, which explains what to do. For a failure of the hub it shows only the request id; the log has
 * the details.
 */
export async function sendProblem(
  { pages, log }: PageRoutesDeps,
  { error, req, res }: { readonly error: unknown; readonly req: Request; readonly res: Response },
): Promise<void> {
  const requestId = String(req.headers['x-request-id']);
  const { status, kind } = conditionOf(error);
  if (status === 500) log.error({ requestId, err: error }, 'oauth.pageFailed');
  else log.info({ requestId, outcome: kind }, 'oauth.pageRefused');
  if (res.headersSent) {
    res.end();
    return;
  }
  const { texts } = pages.brand;
  const specific = {
    OAuthStepExpired: texts.errorStale,
    FormNotOurs: texts.errorForm,
    OAuthChoiceNotOffered: texts.errorForm,
    OAuthAppDisabled: texts.errorDisabled,
    LogoutNotValid: texts.errorLogout,
  }[kind];
  const message = specific ?? (status === 500 ? texts.errorOurs : texts.errorRequest);
  // The error page of the host may be the cause.
  const detail = kind === 'LogoutNotValid' ? (error as Error).message : undefined;
  const model = { message, detail, requestId };
  const page = await pages
    .render('error', model, { status })
    .catch(() => pages.plain('error', model, { status }));
  sendResponse(res, page);
}

function conditionOf(error: unknown): { readonly status: number; readonly kind: string } {
  if (error instanceof AppError) return { status: error.spec.status, kind: error.kind };
  // Express's error for a form that it cannot read: https://www.npmjs.com/package/http-errors
  const isUnreadable = (error as { readonly expose?: unknown } | undefined)?.expose === true;
  return { status: isUnreadable ? 400 : 500, kind: 'unreadable' };
}
