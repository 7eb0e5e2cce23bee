import { defineErrors } from '../contract/index.js';

/** 8300 to 8399. */
export const accessControlErrors = defineErrors({
  AccessControlNotUsable: {
    code: 8301,
    status: 422,
    message: 'The accessControl is not valid: {problems}.',
  },
  IntegrationAccessDenied: {
    code: 8302,
    status: 403,
    message:
      'The accessControl of this integration does not include you. An owner or admin can add your role or your id with updateIntegration.',
  },
  ConnectionAccessDenied: {
    code: 8303,
    status: 403,
    message:
      'The accessControl of the connection does not include you. An owner or admin can add your role or your id with updateConnection.',
  },
});
