import { defineErrors } from '../contract/index.js';

/** 7600 to 7699. */
export const connectorErrors = defineErrors({
  ConnectorNotFound: {
    code: 7601,
    status: 404,
    message: 'There is no connector {connector}. getConnectors lists the connectors.',
  },
  AuthMethodNotFound: {
    code: 7602,
    status: 422,
    message:
      'The connector {connector} has no such authMethod. Its auth methods are: {authMethods}.',
  },
  FieldsNotUsable: { code: 7604, status: 422, message: 'Some fields are not valid. {problems}.' },
  FieldMissing: {
    code: 7603,
    status: 422,
    message: 'The connection has no value for the field {field}. Set it, then try again.',
  },
  OpenApiNotUsable: {
    code: 7610,
    status: 422,
    message: 'This OpenAPI document cannot be used: {problem}.',
  },
});
