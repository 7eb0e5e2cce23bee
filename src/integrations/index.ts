export { integrationErrors } from './errors.js';
export { createHeaderVault, headerNamesOf } from './headers.js';
export {
  createIntegrationAdmin,
  INTEGRATION_STATUSES,
  INTEGRATION_TYPES,
  type IntegrationAdmin,
  PROTOCOLS,
} from './integrations.js';
export { applyMapping, MappingFailed } from './mapping.js';
export {
  type IntegrationSettings,
  readSettings,
  settingShapes,
  type TransformSetting,
} from './settings.js';
export { type IntegrationRow, type IntegrationStore, integrationStore } from './store.js';
