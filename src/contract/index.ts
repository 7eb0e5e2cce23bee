export * from './actor.js';
export * from './brand.js';
export * from './errors.js';
export * from './function.js';
export * from './job.js';
export * from './page.js';
export * from './permission.js';
export * from './schema.js';
