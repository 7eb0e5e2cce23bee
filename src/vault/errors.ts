import { defineErrors } from '../contract/index.js';

/** Codes 7500 to 7599. */
export const vaultErrors = defineErrors({
  KeyReplaced: {
    code: 7501,
    status: 409,
    message:
      'The key activeKeyId is no longer the active one. Call getEncryptionStatus, and rotate again if the currently active key has to be replaced.',
  },
  KeysKeptElsewhere: {
    code: 7502,
    status: 422,
    message:
      'The keys are kept in the host’s key management service (option kms). Rotate them there.',
  },
  /** One error whatever the reason, so that an attacker learns nothing from it. */
  ValueNotDecrypted: {
    code: 7503,
    status: 422,
    message:
      'The value cannot be decrypted: it was changed, its context is another one, or it was not encrypted by hub.vault of this application.',
  },
  VaultInputNotUsable: { code: 7504, status: 400, message: 'Not valid for hub.vault: {problems}.' },
});
