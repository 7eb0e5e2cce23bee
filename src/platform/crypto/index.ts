export { canonicalJson, canonicalJsonOf, type Json } from './canonicalJson.js';
export { constantTimeEqual } from './constantTimeEqual.js';
export { type DerivedKey, deriveKeys, type Secrets } from './deriveKeys.js';
export { expandKey } from './hkdf.js';
export { createPeppers, isSameHash, type KeyHash, type Peppers } from './keyedHash.js';
export { hasMac, macOf } from './mac.js';
export { randomDigits } from './randomDigits.js';
