import { defineErrors } from '../contract/index.js';

/** 7600 to 7699. */
export const connectorErrors = defineErrors({
  ConnectorNotFound: {
    code: 7601,
    status: 404,
    message: 'There is no connector {connector}. getConnectors lists them.',
  },
  FieldMissing: {
    code: 7603,
    status: 422,
    message: 'The connection lacks {field}. Configure it, then try again.',
  },
});
