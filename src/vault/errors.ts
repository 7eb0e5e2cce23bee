import { defineErrors } from '../contract/index.js';

/** 7500 to 7599. */
export const vaultErrors = defineErrors({
  KeyReplaced: {
    code: 7501,
    status: 409,
    message:
      'The active key is another by now. Ask getEncryptionStatus, and rotate again if it is still to be replaced.',
  },
  KeysKeptElsewhere: {
    code: 7502,
    status: 422,
    message: 'The keys are kept by a key service of the host’s: rotate them there.',
  },
});
