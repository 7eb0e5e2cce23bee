export {
  type BruteForceProtection,
  createBruteForceProtection,
  type SecretAttempt,
} from './bruteForce.js';
export { createDevices, DEVICE_LIFE_MS } from './device.js';
export { securityErrors, waitSecondsIn } from './errors.js';
export { type BruteForceRule, PER_ACCOUNT, PER_ADDRESS } from './failureTally.js';
export { createLoginProtection, type LoginProtection } from './logins.js';
