export {
  createBruteForceProtection as createGuessing,
  type SecretAttempt as Guess,
  type BruteForceProtection as Guessing,
} from './bruteForce.js';
export { createDevices, DEVICE_LIFE_MS, type Devices } from './device.js';
export { waitSecondsIn } from './errors.js';
export { type BruteForceRule as GuessRule, PER_ACCOUNT, PER_ADDRESS } from './failureTally.js';
