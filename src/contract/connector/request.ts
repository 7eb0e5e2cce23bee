/** The request of an action, before the connection is known. */
export interface ActionRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** One of the connector's servers. Default: the first. */
  readonly server?: string;
  readonly path: Path;
  /** `undefined` is omitted; a list repeats the name. */
  readonly query?: QueryValues;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: ActionBody;
  /** `bytes`: a successful response is a file and its body becomes base64, whatever its type. Default: by its type. */
  readonly reads?: 'bytes';
}

type Scalar = string | number | boolean;
export type QueryValues = Readonly<Record<string, Scalar | readonly Scalar[] | undefined>>;

/** `base64` is how bytes are passed through Parse, whose parameters are JSON. */
export type ActionBody =
  | { readonly json: unknown }
  /**
   * `application/x-www-form-urlencoded`; objects and lists as `name[key]` and `name[0]`, as Stripe and PHP read them.
   */
  | { readonly form: Readonly<Record<string, unknown>> }
  | { readonly multipart: readonly Part[]; readonly subtype?: 'form-data' | 'related' | 'mixed' }
  | { readonly text: string; readonly contentType: string }
  | { readonly base64: string; readonly contentType: string };

/** A part of a multipart body: https://www.rfc-editor.org/rfc/rfc7578 */
export interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly contentType?: string;
  readonly content: { readonly text: string } | { readonly base64: string };
}

declare const path_: unique symbol;
/** The path of a request, with every value in it encoded. Made by `path`, `pathOf` and `joinPath`. */
export type Path = string & { readonly [path_]: true };

/** Thrown by `path` for a value that would lead to another resource; its message is for the caller. */
export class PathValueRefused extends Error {}

/**
 * Returns a path: in ``path`/repos/${owner}/${repo}` `` each value becomes one segment, percent-encoded. Throws
 * PathValueRefused for an empty value and for `.` and `..`, which would change the path.
 */
export function path(texts: TemplateStringsArray, ...values: readonly (string | number)[]): Path {
  return texts
    .map((text, nth) => (nth < values.length ? text + segment(String(values[nth])) : text))
    .join('') as Path;
}

/**
 * Returns a path whose slashes are kept, such as the key of an object in a bucket: its segments are encoded one by one.
 */
export function pathOf(prefix: Path, segments: string): Path {
  const encoded = segments.split('/').map((part) => (part === '' ? '' : segment(part)));
  return `${prefix}/${encoded.join('/')}` as Path;
}

/** Joins paths: that of an owner, and that of something below it. */
export function joinPath(...parts: readonly Path[]): Path {
  return parts.join('') as Path;
}

function segment(value: string): string {
  if (value === '') throw new PathValueRefused('a value of the path is empty');
  if (/^\.{1,2}$/.test(value)) throw new PathValueRefused(`a value of the path is "${value}"`);
  if (/[\0-\x1f\x7f]/.test(value)) {
    throw new PathValueRefused('a value of the path has control characters');
  }
  if (/\p{Surrogate}/u.test(value)) {
    throw new PathValueRefused('a value of the path contains an unpaired UTF-16 surrogate');
  }
  // RFC 3986 reserves these four, which encodeURIComponent leaves; AWS signs them encoded.
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
