export * from './batch.js';
export * from './definitions.js';
export * from './door.js';
export * from './install.js';
export * from './jobs.js';
export * from './registry.js';
export * from './roles.js';
export * from './rows.js';
