export * from './database.js';
export { indexesOf } from './indexes.js';
export { openDatabase, type StorageAdapter } from './open.js';
