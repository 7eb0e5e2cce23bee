import type { FailureKind } from '../../contract/index.js';
import { executionErrors } from '../errors.js';

/** The error that a caller gets for each kind of failure. */
export const errorOfKind: Readonly<
  Record<FailureKind, (typeof executionErrors)[keyof typeof executionErrors]>
> = {
  connection: executionErrors.ServiceNotReached,
  rateLimit: executionErrors.ServiceLimited,
  validation: executionErrors.ServiceRefused,
  authentication: executionErrors.ServiceUnauthorized,
  permission: executionErrors.ServiceForbidden,
  notFound: executionErrors.ServiceFoundNothing,
  conflict: executionErrors.ServiceConflict,
  provider: executionErrors.ServiceFailed,
  system: executionErrors.ServiceNotReached,
};
