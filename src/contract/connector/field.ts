/** A value that a user enters to connect: a subdomain, a region, an API key. */
export interface FieldSpec {
  readonly title: string;
  /**
   * `secret` is encrypted and never shown again. `host` is a part of a host name: letters, digits and hyphens. `url` is
   * an https URL without credentials, query or fragment; http:// is possible where the hub's options allow it. `path`
   * is the path of such a URL: it begins with a slash and cannot leave the server.
   */
  readonly type: 'text' | 'secret' | 'host' | 'url' | 'path' | 'choice';
  /** Default true. */
  readonly required?: boolean;
  /** A regular expression that the whole value matches. */
  readonly pattern?: string;
  /** For `choice`. */
  readonly choices?: readonly string[];
  /** A sentence that says where to find it. */
  readonly help?: string;
  readonly example?: string;
}

export type FieldSpecs = Readonly<Record<string, FieldSpec>>;

const HOST_PATTERN = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9-]{1,63})*';
const FIELD_LENGTH_MAX = 8_192;

/** Returns what is wrong with a value, as a sentence that does not repeat it; `undefined` when it is valid. */
export function problemOfField(name: string, spec: FieldSpec, value: unknown): string | undefined {
  if (value === undefined || value === '') {
    return spec.required === false ? undefined : `${name} is missing: ${spec.help ?? spec.title}`;
  }
  if (typeof value !== 'string') return `${name} must be text`;
  if (value.length > FIELD_LENGTH_MAX)
    return `${name} has more than ${FIELD_LENGTH_MAX} characters`;
  // Header values and URLs are built from these: no value may end one and begin another.
  if (/[\0-\x1f\x7f]/.test(value) && !isMultiline(spec)) return `${name} has control characters`;
  if (spec.type === 'host' && !wholly(HOST_PATTERN).test(value)) {
    return `${name} must be a part of a host name: letters, digits, hyphens`;
  }
  if (spec.type === 'url' && !isPlainAddress(value)) {
    return `${name} must be a URL that begins with https:// and has no credentials, query or fragment`;
  }
  if (spec.type === 'path' && !isPlainPath(value)) {
    return `${name} must be a path such as /v1/me: letters, digits and signs, no segment of dots, no query`;
  }
  if (spec.type === 'choice' && spec.choices?.includes(value) !== true) {
    return `${name} must be one of ${(spec.choices ?? []).join(', ')}`;
  }
  if (spec.pattern !== undefined && !wholly(spec.pattern).test(value)) {
    return `${name} does not have the required format${spec.example === undefined ? '' : `, such as ${spec.example}`}`;
  }
  return undefined;
}

/** Returns whether values of a field may have several lines, as a private key in PEM has. */
function isMultiline({ type, pattern }: FieldSpec): boolean {
  return type === 'secret' && pattern?.includes('BEGIN') === true;
}

function wholly(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/**
 * Returns whether a value is a plain URL, http:// included: the hub's options decide elsewhere whether http:// is
 * allowed.
 */
function isPlainAddress(value: string): boolean {
  try {
    const { protocol, username, password, search, hash } = new URL(value);
    const isWeb = protocol === 'https:' || protocol === 'http:';
    return isWeb && `${username}${password}${search}${hash}` === '';
  } catch {
    return false;
  }
}

/**
 * Returns whether a value is a path according to https://www.rfc-editor.org/rfc/rfc3986#section-3.3, without characters
 * that servers or proxies may take for a slash or a dot.
 */
function isPlainPath(value: string): boolean {
  return (
    /^\/(?:[\w.~!$&'()*+,;=:@-]|%[\dA-Fa-f]{2}|\/(?!\/))*$/.test(value) &&
    !value.startsWith('//') &&
    !/%(?:2e|2f|5c|00)/i.test(value) &&
    !/(?:^|\/)\.{1,2}(?:\/|$)/.test(value)
  );
}
