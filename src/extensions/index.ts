export { extensionErrors } from './errors.js';
export {
  createExtensions,
  type ExtensionDefaults,
  extensionDefaults,
  type Extensions,
} from './extensions.js';
export { type ExtensionRow, extensionStore } from './store.js';
