export * from './exclusively.js';
export * from './lane.js';
export { LaneLoop, type LaneLoopOptions } from './loop.js';
