import { defineErrors } from '../contract/index.js';

/** 8400 to 8499. */
export const accessControlErrors = defineErrors({
  AccessControlNotUsable: {
    code: 8401,
    status: 422,
    message: 'The accessControl is not valid: {problems}.',
  },
  IntegrationAccessDenied: {
    code: 8402,
    status: 403,
    message:
      'The accessControl of this integration does not include you. An owner or admin can add your role or your id with updateIntegration.',
  },
  ConnectionAccessDenied: {
    code: 8403,
    status: 403,
    message:
      'The accessControl of the connection does not include you. An owner or admin can add your role or your id with updateConnection.',
  },
});
