export { type Brand, type Branding, brandingOption, brandOf } from './brand.js';
export type { PageApp, PageModels, PageName } from './pageModel.js';
export {
  createPages,
  type HostPage,
  type HostPages,
  PAGE_NAMES,
  type Pages,
  sendAnswer,
} from './render.js';
export { waitWords } from './texts.js';
