export { judgeAddress } from './address.js';
export { NOTHING_ALLOWED, parseAllowList } from './allowList.js';
export { createHttpClient, type HttpClient, type HttpClientOptions } from './client.js';
export { clientAddress, type TrustedProxies, trustOf, type TrustProxy } from './clientAddress.js';
export { httpErrors } from './errors.js';
export { giveAddress } from './giveAddress.js';
export {
  checkHeaderName,
  checkHeaders,
  checkHeaderValue,
  HEADER_VALUE_LENGTH_MAX,
} from './headers.js';
export { createLookup, type Lookup } from './lookup.js';
export { addressMatcher, networkOf, problemOfRange } from './network.js';
export { headerValue, type HttpOutcome, type HttpRequest, type HttpResponse } from './outcome.js';
export {
  checkResolvable,
  checkTarget,
  readTarget,
  type TargetPolicy,
  URL_LENGTH_MAX,
} from './target.js';
