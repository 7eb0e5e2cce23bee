export {
  forgettableAtMs,
  giveBack,
  type Limit,
  type LimitState,
  limitStatus,
  take,
  windowMs,
} from './limit.js';
export { createMeters, type Decide, type Meters, type MeterState } from './meters.js';
