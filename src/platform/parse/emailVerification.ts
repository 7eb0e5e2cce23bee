import { parseServerInternals, type RestWrite, type UserController } from './internals.js';
import type { ParseServerConfig } from './sdk.js';

const mended = new WeakSet();

/** Mends two faults of Parse Server 9, in all of the process, once. */
export function mendEmailVerification(config: ParseServerConfig): void {
  const { RestWrite, UserController } = parseServerInternals(config);
  if (mended.has(RestWrite)) return;
  mended.add(RestWrite);
  unverifyChangedAddresses(RestWrite.prototype);
  surviveMissingUsers(UserController.prototype);
}

/**
 * Why: it leaves a changed address verified when the write has `authData` too, be it `{"unknown":null}`. Any user could take an
 * address that no user has yet, as verified.
 * https://github.com/parse-community/parse-server/blob/9.10.0/src/RestWrite.js (_validateEmail)
 */
function unverifyChangedAddresses(prototype: RestWrite): void {
  const { _validateEmail: original } = prototype;
  prototype._validateEmail = async function validateEmail(this: RestWrite) {
    await original.call(this);
    const { query, data, storage, config, auth } = this;
    const isUnseen = typeof data.email === 'string' && data._email_verify_token === undefined;
    // A new user with `authData` has no mark yet.
    if (query === undefined || data.authData === undefined || !isUnseen) return;
    const { originalObject: before, updatedObject: object } = this.buildParseObjects();
    const request = {
      original: before,
      object,
      master: auth.isMaster,
      ip: config.ip,
      installationId: auth.installationId,
    };
    await config.userController.setEmailVerifyToken(data, request, storage);
  };
}

/**
 * Why: it rejects with `undefined` when no user has the address, in a promise that nothing handles, which ends the process. A
 * log-in with `authData` and the address of no one is enough.
 * https://github.com/parse-community/parse-server/blob/9.10.0/src/Controllers/UserController.js (getUserIfNeeded)
 */
function surviveMissingUsers(prototype: UserController): void {
  const { sendVerificationEmail: original } = prototype;
  prototype.sendVerificationEmail = async function sendVerificationEmail(
    this: UserController,
    ...given: unknown[]
  ) {
    try {
      await original.apply(this, given);
    } catch (error) {
      if (error !== undefined) throw error;
    }
  };
}
