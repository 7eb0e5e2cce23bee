import type { Actor } from './actor.js';
import { type AppError, commonErrors } from './errors.js';
import type { Access } from './function.js';
import { KEY_SCOPES } from './permission.js';

/** Returns the error of a caller who lacks a permission: it says whether the role, the key or the app lacks it. */
export function permissionDenied(actor: Actor, permission: string): AppError {
  return commonErrors.PermissionDenied({ permission, reason: reasonOf(actor, permission) });
}

function reasonOf(actor: Actor, permission: string): string {
  if (actor.kind === 'apiKey') {
    return actor.scopes.includes(permission)
      ? 'the role of the API key’s owner in the organization does not grant it'
      : 'it is not among the scopes of the API key';
  }
  if (actor.kind === 'oauthToken') {
    return actor.scopes.includes(permission)
      ? 'the role of the user for whom the OAuth app acts does not grant it'
      : 'it is not among the scopes of the OAuth app’s access token';
  }
  return 'your role in the organization does not grant it';
}

/** Returns the error of a call without credentials: it says which credentials the function takes. */
export function notSignedIn(access: Access): AppError {
  return commonErrors.NotSignedIn(CREDENTIALS[credentialsFor(access)]);
}

const CREDENTIALS = {
  any: {
    credentials: 'a session token, an API key or an access token',
    option: '{ sessionToken }, or { useMasterKey: true } with organizationId among the parameters,',
  },
  session: {
    credentials: 'a session token',
    option: '{ sessionToken } or { useMasterKey: true }',
  },
  master: { credentials: 'the master key', option: '{ useMasterKey: true }' },
};

function credentialsFor(access: Access): keyof typeof CREDENTIALS {
  if (access.kind === 'master') return 'master';
  if (access.kind === 'user') return 'session';
  return KEY_SCOPES.some((scope) => scope === access.permission) ? 'any' : 'session';
}
