import { createPrivateKey, type KeyObject } from 'node:crypto';

import jwt from 'jsonwebtoken';

import { connectorErrors } from '../../connectors/index.js';
import type { JwtServiceAccount } from '../../contract/index.js';

const LIFETIME_SECONDS = 3600;

/** Signs the JWT by which a service account requests a token: https://www.rfc-editor.org/rfc/rfc7523#section-3. Throws FieldsNotUsable. */
export function signAssertion(
  authMethod: JwtServiceAccount,
  {
    values: { clientEmail = '', privateKey = '' },
    fields,
    now,
  }: {
    readonly values: Readonly<Record<string, string>>;
    readonly fields: Readonly<Record<string, string>>;
    readonly now: Date;
  },
): string {
  const { audience, algorithm, defaultScopes, lifetimeSeconds = LIFETIME_SECONDS } = authMethod;
  const subject =
    authMethod.subjectField === undefined ? undefined : fields[authMethod.subjectField];
  const iat = Math.floor(now.getTime() / 1000);
  const claims = {
    iss: clientEmail,
    aud: audience,
    iat,
    exp: iat + lifetimeSeconds,
    ...(subject !== undefined && subject !== '' && { sub: subject }),
    ...(defaultScopes.length > 0 && { scope: defaultScopes.join(' ') }),
  };
  try {
    return jwt.sign(claims, readKey(privateKey), { algorithm });
  } catch (error) {
    const problems = `privateKey is not a private key for ${algorithm}`;
    throw connectorErrors.FieldsNotUsable({ problems }, { cause: error });
  }
}

/** Reads a private key. Users paste the key from a JSON file, where its line ends are written `\\n`. */
function readKey(text: string): KeyObject {
  return createPrivateKey(text.replaceAll('\\n', '\n'));
}
