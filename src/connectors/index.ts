export { type Authorisation, authorise, type Credential, secretFieldsOf } from './authorise.js';
export { buildRequest, type FieldValues, fillIn, serverOf } from './buildRequest.js';
export { connectorErrors } from './errors.js';
export { failureOf, type ProviderFailure } from './failure.js';
export { type LimitSigns, limitSigns } from './limitSigns.js';
export type { Outgoing } from './outgoing.js';
export { itemsOf, type NextPage, nextPage } from './paginate.js';
export { textAt, valueAt } from './pointer.js';
export { readAnswer } from './readAnswer.js';
