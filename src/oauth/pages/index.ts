export { appPage } from './appPage.js';
export { type Brand, type Branding, brandingOption, brandOf } from './brand.js';
export { createFormTokens } from './formToken.js';
export type { PageRenderer } from './onProvider.js';
export type { PageModels } from './pageModel.js';
export {
  createPages,
  type HostPage,
  type HostPages,
  PAGE_NAMES,
  type Pages,
  sendResponse,
} from './render.js';
export { findByPassword } from './routes/login.js';
export { pagesRouter } from './routes/router.js';
export { waitText } from './texts.js';
