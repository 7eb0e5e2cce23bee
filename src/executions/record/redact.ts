/** Member names whose values are secrets, at any depth. */
const SECRET_NAME =
  /(?:^|[_-])(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|auth(?:orization)?|cookie|credential|signature|otp|pin|cvc|cvv|ssn)s?$/i;
/** camelCase: `clientSecret`, `accessToken`. */
const SECRET_ENDING = /(?:Password|Passphrase|Secret|Token|ApiKey|PrivateKey|AccessKey|Cookie)s?$/;

const REMOVED = '[removed]';

/**
 * Returns a copy of a value that may be stored: members whose names are those of secrets, and the values at the given JSON
 * pointers (`*` stands for every item or member), are replaced by `[removed]`.
 */
export function redact(value: unknown, pointers: readonly string[] = []): unknown {
  return walk(
    value,
    pointers.map((pointer) => pointer.split('/').slice(1)),
  );
}

function walk(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return REMOVED;
  if (typeof value !== 'object' || value === null) return value;
  const below = (name: string) =>
    paths
      .filter(([head]) => head === '*' || unescapePointer(head ?? '') === name)
      .map((path) => path.slice(1));
  if (Array.isArray(value)) return value.map((item, nth) => walk(item, below(String(nth))));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSecretName(name) && member !== null ? REMOVED : walk(member, below(name)),
    ]),
  );
}

/** Headers about formats and languages, whose values occur in responses. */
const HEADER_OF_FORMAT = /^(?:accept|content|prefer)(?:-|$)/i;
/** A value that looks like a key: long, without spaces, of letters and digits. */
const LOOKS_LIKE_KEY = /^(?=.*\d)(?=.*[a-z])\S{16,}$/i;

/**
 * Returns the values of headers that are credentials, by their names or by their looks. Others, such as a version or a
 * tenant, are not: removing them would damage responses.
 */
export function secretHeaderValues(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(
      ([name, value]) =>
        !HEADER_OF_FORMAT.test(name) && (isSecretName(name) || LOOKS_LIKE_KEY.test(value)),
    )
    .flatMap(([, value]) => [value, value.replace(/^\S+ /, '')]);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || SECRET_ENDING.test(name);
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-4 */
function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
