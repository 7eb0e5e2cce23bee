import { defineErrors } from '../contract/index.js';

/** 7800 to 7899. */
export const integrationErrors = defineErrors({
  IntegrationNotFound: {
    code: 7801,
    status: 404,
    message: 'There is no such integration in this organization.',
  },
  IntegrationChanged: {
    code: 7802,
    status: 409,
    message: 'Another request changed this integration at the same time. Load it again and retry.',
  },
  IntegrationNotActive: {
    code: 7803,
    status: 409,
    message:
      'The integration cannot be called while its status is {status}: call setIntegrationStatus with active.',
  },
  ConnectionNotFitting: {
    code: 7804,
    status: 422,
    message:
      'This is a connection to {other}, but the integration is for {connector}. Pass a connection to {connector}.',
  },
  NotConnected: {
    code: 7805,
    status: 409,
    message: 'The integration has no connection: call connectIntegration.',
  },
  SettingsNotUsable: {
    code: 7806,
    status: 422,
    message: 'The settings are not valid: {problems}.',
  },
  IntegrationLimitReached: {
    code: 7807,
    status: 422,
    message: 'An organization has at most {max} integrations. Delete one first.',
  },
});
