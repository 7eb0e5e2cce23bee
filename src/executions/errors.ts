import { defineErrors } from '../contract/index.js';

/** 8000 to 8099. Failures of the service end with the id of the execution, which tells more. */
export const executionErrors = defineErrors({
  ActionNotFound: {
    code: 8001,
    status: 404,
    message: 'The connector {connector} has no such action: getConnector lists them.',
  },
  ActionNotAllowed: {
    code: 8002,
    status: 403,
    message: 'This integration does not allow the action {action}.',
  },
  InputNotValid: { code: 8003, status: 400, message: 'The input does not fit: {problems}' },
  ConnectorOutdated: {
    code: 8004,
    status: 409,
    message:
      'The integration was made for version {made} of the connector, which is at {version} now: look at what changed, then call updateIntegration with connectorVersion.',
  },
  LimitReached: {
    code: 8005,
    status: 429,
    message: 'The limit of {limit} is reached. Try again in {seconds} seconds.',
  },
  QuotaUsedUp: {
    code: 8006,
    status: 429,
    message: 'The quota of {limit} is used up. It begins anew in {seconds} seconds.',
  },
  ServicePaused: {
    code: 8007,
    status: 503,
    message: 'Nothing is sent now: {problem}. Try again in {seconds} seconds.',
  },
  ServiceLimited: {
    code: 8008,
    status: 429,
    message: 'Too many requests for {connector}: {problem}. Execution {executionId}.',
  },
  ServiceRefused: {
    code: 8009,
    status: 422,
    message: 'The request was not accepted by {connector}: {problem}. Execution {executionId}.',
  },
  ServiceUnauthorized: {
    code: 8010,
    status: 409,
    message: 'The credential was not accepted by {connector}: {problem}. Execution {executionId}.',
  },
  ServiceForbidden: {
    code: 8011,
    status: 403,
    message: 'This is not permitted by {connector}: {problem}. Execution {executionId}.',
  },
  ServiceFoundNothing: {
    code: 8012,
    status: 404,
    message: 'There is no such thing at {connector}: {problem}. Execution {executionId}.',
  },
  ServiceConflict: {
    code: 8013,
    status: 409,
    message: 'It does not fit what there is at {connector}: {problem}. Execution {executionId}.',
  },
  ServiceFailed: {
    code: 8014,
    status: 502,
    message: 'Something failed at {connector}: {problem}. Execution {executionId}.',
  },
  ServiceNotReached: {
    code: 8015,
    status: 502,
    message: 'No answer came from {connector}: {problem}. Execution {executionId}.',
  },
  TransformFailed: {
    code: 8016,
    status: 422,
    message: 'The {which} transform of the integration failed: {problem}.',
  },
  ProxyNotAllowed: {
    code: 8017,
    status: 403,
    message: 'This integration does not allow free requests: set allowProxy.',
  },
  KeyNotUsable: {
    code: 8018,
    status: 422,
    message:
      'The action {action} cannot be made safe to repeat: {connector} knows no idempotency key for it. Leave idempotencyKey out.',
  },
  ExecutionNotFound: {
    code: 8019,
    status: 404,
    message: 'There is no such execution in this organization.',
  },
  QueueFull: {
    code: 8020,
    status: 429,
    message: 'There are {max} calls of this integration waiting already. Try again later.',
  },
  ScopesMissing: {
    code: 8022,
    status: 403,
    message:
      'The connection was not granted {scopes}, which the action {action} needs: call reconnectConnection with it among the scopes, or testConnection if it was granted since.',
  },
  PathNotAllowed: { code: 8021, status: 400, message: 'The path cannot be used: {problem}.' },
});
