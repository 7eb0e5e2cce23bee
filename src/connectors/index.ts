export { checkTargets } from './checkTargets.js';
export { connectorErrors } from './errors.js';
export { connectorFromOpenApi, type OpenApiOptions } from './openApi/connectorFromOpenApi.js';
export { type Connectors, createConnectors } from './registry.js';
export {
  type Authorisation,
  authorise,
  type Credential,
  secretFieldsOf,
} from './request/authorize.js';
export { buildRequest, type FieldValues, fillIn, serverOf } from './request/buildRequest.js';
export { signOAuth1 } from './request/oauth1.js';
export type { Outgoing } from './request/outgoing.js';
export { failureOf, type ProviderFailure } from './response/failure.js';
export { type Identity, identityOf, testOf } from './response/identity.js';
export { type LimitSigns, limitSigns } from './response/limitSigns.js';
export { itemsOf, type NextPage, nextPage } from './response/paginate.js';
export { textAt, valueAt } from './response/pointer.js';
export { readEvents } from './response/readEvents.js';
export { readAnswer } from './response/readResponse.js';
export { missingScopes, type ScopesMissing } from './scopes.js';
