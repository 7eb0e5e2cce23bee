import { parseServerInternals, type RestWrite } from './internals.js';
import type { ParseServerConfig } from './sdk.js';

const mended = new WeakSet();

/**
 * Makes a changed e-mail address unverified whatever else the same write changes. Parse Server 9 leaves it verified when the write
 * has `authData` too, be it `{"unknown":null}`: any user could take the address of somebody who has no account yet, as verified.
 * https://github.com/parse-community/parse-server/blob/9.10.0/src/RestWrite.js (_validateEmail)
 */
export function unverifyChangedEmails(config: ParseServerConfig): void {
  const { prototype } = parseServerInternals(config).RestWrite;
  if (mended.has(prototype)) return;
  mended.add(prototype);
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
