import { defineErrors } from '../contract/index.js';

/** Codes 7500 to 7599. */
export const vaultErrors = defineErrors({
  KeyReplaced: {
    code: 7501,
    status: 409,
    message:
      'The key activeKeyId is not the active one any more. Call getEncryptionStatus, and rotate again if the key that is active now has to be replaced.',
  },
  KeysKeptElsewhere: {
    code: 7502,
    status: 422,
    message: 'The keys are held by the key service of the host (option kms). Rotate them there.',
  },
});
