import { defineErrors } from '../contract/index.js';

/** 8000 to 8099. Errors of the service end with the id of the execution, which has the details. */
export const executionErrors = defineErrors({
  ActionNotFound: {
    code: 8001,
    status: 404,
    message: 'The connector {connector} has no such action. getConnector lists its actions.',
  },
  ActionNotAllowed: {
    code: 8002,
    status: 403,
    message:
      'This integration does not allow the action {action}: its setting actions does not contain it.',
  },
  InputNotValid: { code: 8003, status: 400, message: 'The input is not valid: {problems}' },
  ConnectorOutdated: {
    code: 8004,
    status: 409,
    message:
      'The integration was created for version {made} of its connector, which is at {version} now. Check what changed, then call updateIntegration with connectorVersion.',
  },
  LimitReached: {
    code: 8005,
    status: 429,
    message: 'The limit of {limit} is reached. Try again in {seconds} seconds.',
  },
  QuotaUsedUp: {
    code: 8006,
    status: 429,
    message: 'The quota of {limit} is used up. It resets in {seconds} seconds.',
  },
  ServicePaused: {
    code: 8007,
    status: 503,
    message: 'No request is sent at the moment: {problem}. Try again in {seconds} seconds.',
  },
  ServiceLimited: {
    code: 8008,
    status: 429,
    message:
      'The service {connector} refused the request because of its rate limit: {problem}. Execution {executionId}.',
  },
  ServiceRefused: {
    code: 8009,
    status: 422,
    message:
      'The service {connector} refused the request as not valid: {problem}. Execution {executionId}.',
  },
  ServiceUnauthorized: {
    code: 8010,
    status: 409,
    message:
      'The service {connector} did not accept the credential of the connection: {problem}. Execution {executionId}.',
  },
  ServiceForbidden: {
    code: 8011,
    status: 403,
    message: 'The service {connector} does not permit this: {problem}. Execution {executionId}.',
  },
  ServiceFoundNothing: {
    code: 8012,
    status: 404,
    message:
      'The service {connector} did not find what was requested: {problem}. Execution {executionId}.',
  },
  ServiceConflict: {
    code: 8013,
    status: 409,
    message:
      'The request conflicts with the state at {connector}: {problem}. Execution {executionId}.',
  },
  ServiceFailed: {
    code: 8014,
    status: 502,
    message: 'The call to {connector} failed: {problem}. Execution {executionId}.',
  },
  ServiceNotReached: {
    code: 8015,
    status: 502,
    message: 'There was no response from {connector}: {problem}. Execution {executionId}.',
  },
  TransformFailed: {
    code: 8016,
    status: 422,
    message: 'The {which} transform of the integration failed: {problem}.',
  },
  ProxyNotAllowed: {
    code: 8017,
    status: 403,
    message: 'This integration does not allow proxyRequest: set allowProxy with updateIntegration.',
  },
  KeyNotUsable: {
    code: 8018,
    status: 422,
    message:
      'The action {action} cannot be made safe to repeat: {connector} takes no idempotency key for it. Call it without idempotencyKey.',
  },
  ExecutionNotFound: {
    code: 8019,
    status: 404,
    message: 'There is no such execution in this organization.',
  },
  QueueFull: {
    code: 8020,
    status: 429,
    message: 'The queue of this integration is full: {max} calls are waiting. Try again later.',
  },
  ScopesMissing: {
    code: 8022,
    status: 403,
    message:
      'The connection was not granted {scopes}, which the action {action} needs: call reconnectConnection with that scope, or testConnection if it was granted in the meantime.',
  },
  PathNotAllowed: { code: 8021, status: 400, message: 'The path is not allowed: {problem}.' },
});
