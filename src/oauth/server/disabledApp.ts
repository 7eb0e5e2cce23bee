import type { errors as LibraryErrors, KoaContextWithOIDC } from 'oidc-provider';

import { oauthErrors } from '../errors.js';
import { notesOf } from './requestNotes.js';

/**
 * Returns the error for an app that its owner has disabled, which users and the app’s developer can do something about. Where an
 * app authenticates, its status is 401: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function disabledAppError(
  { InvalidClient }: typeof LibraryErrors,
  ctx: KoaContextWithOIDC | undefined,
): Error {
  const error = new InvalidClient(oauthErrors.OAuthAppDisabled.spec.message);
  if (!ctx) return error;
  notesOf(ctx).isAppDisabled = true;
  const status = AUTHENTICATED_ROUTES.has(ctx.oidc.route) ? 401 : 400;
  return Object.assign(error, { status, statusCode: status });
}

const AUTHENTICATED_ROUTES = new Set([
  'token',
  'introspection',
  'revocation',
  'device_authorization',
  'pushed_authorization_request',
]);
