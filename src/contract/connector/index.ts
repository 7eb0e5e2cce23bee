export * from './action.js';
export * from './auth.js';
export * from './connector.js';
export * from './field.js';
export * from './header.js';
export * from './request.js';
