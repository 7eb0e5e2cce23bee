export { createGuessing, type Guess, type Guessing } from './bruteForce.js';
export { createDevices, DEVICE_LIFE_MS, type Devices } from './device.js';
export { waitSecondsIn } from './errors.js';
export { type GuessRule, PER_ACCOUNT, PER_ADDRESS } from './tally.js';
