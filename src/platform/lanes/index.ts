export * from './exclusively.js';
export * from './loop.js';
