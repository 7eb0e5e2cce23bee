export { PERMISSION_WORDS } from './descriptions.js';
export {
  type CheckedScopes,
  CLASS_VERBS,
  type ClassVerb,
  FUNCTION_NAME,
  HOST_SCOPES_MAX,
  type HostScope,
  type HostScopes,
  hostScopes,
  SCOPE_NAME,
} from './hostScope.js';
export {
  createScopes,
  type Reach,
  type Scope,
  type ScopeRegistry,
  type Taken,
} from './registry.js';
