export {
  type BrowserWindow,
  connectByRedirect,
  connectInPopup,
  type HubConnection,
  type PopupOptions,
  type PopupWindow,
} from './client/connect.js';
export {
  createHubClient,
  type HubClient,
  type HubClientOptions,
  type ParseWithCloud,
} from './client/hubClient.js';
export { itemsOf, pagesOf, type ServicePage } from './client/pages.js';
