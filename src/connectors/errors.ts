import { defineErrors } from '../contract/index.js';

/** 7600 to 7699. */
export const connectorErrors = defineErrors({
  ConnectorNotFound: {
    code: 7601,
    status: 404,
    message: 'There is no connector {connector}. getConnectors lists them.',
  },
  AuthMethodNotFound: {
    code: 7602,
    status: 422,
    message:
      'The connector {connector} cannot be connected so. Its auth methods are: {authMethods}.',
  },
  FieldsNotUsable: { code: 7604, status: 422, message: 'Not all is filled in right: {problems}.' },
  FieldMissing: {
    code: 7603,
    status: 422,
    message: 'The connection lacks {field}. Configure it, then try again.',
  },
  OpenApiNotUsable: {
    code: 7610,
    status: 422,
    message: 'This OpenAPI document cannot be used: {problem}.',
  },
});
