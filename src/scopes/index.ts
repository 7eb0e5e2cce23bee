export { PERMISSION_DESCRIPTIONS } from './descriptions.js';
export {
  type ClassVerb,
  HOST_SCOPES_MAX,
  type HostScope,
  type HostScopes,
  hostScopes,
  SCOPE_NAME,
} from './hostScope.js';
export { createScopes, type HostAccess, type ScopeRegistry } from './registry.js';
