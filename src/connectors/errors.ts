import { defineErrors } from '../contract/index.js';

/** 7300 to 7399. */
export const connectorErrors = defineErrors({
  ConnectorNotFound: {
    code: 7301,
    status: 404,
    message: 'There is no connector {connector}. getConnectors lists them.',
  },
  ActionNotFound: {
    code: 7302,
    status: 404,
    message: 'The connector {connector} has no action {action}. getConnector lists them.',
  },
  FieldMissing: {
    code: 7303,
    status: 422,
    message: 'The connection lacks {field}. Configure it, then try again.',
  },
  InputDoesNotMatch: {
    code: 7304,
    status: 422,
    message: 'The input does not match the action {action}: {problems}.',
  },
});
