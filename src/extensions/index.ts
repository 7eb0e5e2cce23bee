export { extensionErrors } from './errors.js';
export { createExtensions, extensionDefaults, type Extensions } from './extensions.js';
export { type ExtensionRow, extensionStore } from './store.js';
