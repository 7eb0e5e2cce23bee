export { integrationErrors } from './errors.js';
export {
  createIntegrationAdmin,
  INTEGRATION_STATUSES,
  INTEGRATION_TYPES,
  type IntegrationAdmin,
  type IntegrationStatus,
  PROTOCOLS,
} from './integrations.js';
export { applyMapping, MappingFailed } from './mapping.js';
export {
  type ErrorRule,
  type IntegrationSettings,
  type LimitRule,
  readSettings,
  settingShapes,
  type TransformSetting,
} from './settings.js';
export { type IntegrationRow, type IntegrationStore, integrationStore } from './store.js';
