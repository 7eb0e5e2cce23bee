export {
  ACCESS_REASONS,
  type AccessDecision,
  decideAccess,
  maySee,
  mayUse,
  visibleTo,
} from './access.js';
export {
  type AccessControl,
  accessControl,
  accessControlOf,
  type AccessList,
  rolesIn,
} from './accessControl.js';
export { type CheckAccessList, createCheckAccessList } from './checkAccessList.js';
export { accessControlErrors } from './errors.js';
