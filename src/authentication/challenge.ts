import { apiKeyErrors } from '../apiKeys/index.js';
import { type AppError, commonErrors } from '../contract/index.js';

/** What challenges say to every client. */
export interface ChallengeContext {
  /** The URL of the metadata of this resource, where the host has mounted it: https://www.rfc-editor.org/rfc/rfc9728#section-5.1 */
  resourceMetadata(): string | undefined;
}

/** The request that is challenged. */
interface Challenged {
  /** The scheme of the credential, in lower case; `undefined` for an API key in its own header, or no credential. */
  readonly scheme: string | undefined;
  /** The scopes that would have been enough, when they are known. */
  readonly scopes?: readonly string[];
}

const PROOF_NOT_VALID =
  'The DPoP proof is missing, was used before, or is not valid for this request, its token, key or time.';

/** https://www.rfc-editor.org/rfc/rfc9449#section-5.1 `dpop_signing_alg_values_supported` */
const DPOP_ALGORITHMS = 'ES256 EdDSA';

/**
 * Returns the value of `WWW-Authenticate` for a refusal, with the error codes of RFC 6750 and RFC 9449; `undefined` for a
 * status that has none. https://www.rfc-editor.org/rfc/rfc6750#section-3, https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
export function challengeOf(
  error: AppError,
  { scheme, scopes = [] }: Challenged,
  { resourceMetadata }: ChallengeContext,
): string | undefined {
  const { status } = error.spec;
  if (status !== 401 && status !== 403) return undefined;
  const code = codeOf(error);
  if (status === 403 && code === undefined) return undefined;
  const isDpop = scheme === 'dpop' || error.detail?.['challenge'] !== undefined;
  const parts: [string, string | undefined][] = [
    ['realm', 'parse'],
    ['error', code],
    ['error_description', code === 'invalid_dpop_proof' ? PROOF_NOT_VALID : error.message],
    ['scope', code === 'insufficient_scope' && scopes.length > 0 ? scopes.join(' ') : undefined],
    ['algs', isDpop ? DPOP_ALGORITHMS : undefined],
    ['resource_metadata', resourceMetadata()],
  ];
  const given = parts.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${quotable(value)}"`],
  );
  return `${isDpop ? 'DPoP' : 'Bearer'} ${given.join(', ')}`;
}

function codeOf({ spec, detail }: AppError): string | undefined {
  const given = detail?.['challenge'];
  if (typeof given === 'string') return given;
  if (spec.status === 401) return 'invalid_token';
  return INSUFFICIENT.some((each) => each.spec === spec) ? 'insufficient_scope' : undefined;
}

const INSUFFICIENT = [apiKeyErrors.OutOfScope, commonErrors.PermissionDenied] as const;

/** Returns the text without what a quoted parameter may not have: https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function quotable(text: string): string {
  return text
    .replace(/[’‘]/g, "'")
    .replace(/["\\]/g, "'")
    .replace(/[^\x20-\x7e]/g, '?');
}
