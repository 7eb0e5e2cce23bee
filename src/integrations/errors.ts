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
    message: 'Somebody else changed the integration at the same moment. Read it and try again.',
  },
  IntegrationNotActive: {
    code: 7803,
    status: 409,
    message: 'The integration cannot be used now, its status is {status}.',
  },
  ConnectionNotFitting: {
    code: 7804,
    status: 422,
    message: 'That connection is one to {other}, and this integration is for {connector}.',
  },
  NotConnected: {
    code: 7805,
    status: 409,
    message: 'The integration has no connection: call connectIntegration.',
  },
  SettingsNotUsable: { code: 7806, status: 422, message: 'The settings do not fit: {problems}.' },
  IntegrationLimitReached: {
    code: 7807,
    status: 422,
    message: 'An organization has at most {max} integrations. Delete one first.',
  },
});
