export * from './database.js';
export { indexesOf } from './indexes.js';
export { openDatabase } from './open.js';
