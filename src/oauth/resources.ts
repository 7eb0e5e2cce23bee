/**
 * A service of the host's own that accepts the hub's access tokens, by the URL that clients name as `resource`:
 * https://www.rfc-editor.org/rfc/rfc8707
 */
export interface Resource {
  /** Its URL, without a fragment; the `aud` of tokens for it. */
  readonly identifier: string;
  readonly name?: string | undefined;
  /** The permissions and scopes that tokens for it can have. */
  readonly scopes: readonly string[];
  /** `jwt`, which it verifies itself, or `opaque`. Default `jwt`. */
  readonly tokenFormat?: 'jwt' | 'opaque' | undefined;
}

/** Which resources there are, and which of them are the hub itself: Parse Server, and `publicUrl` for tokens of earlier versions. */
export interface ResourceBook {
  /** The URL of the Parse API. */
  parseUrl(): string;
  /** Whether an audience is the hub: tokens for any other one are not accepted as its callers. */
  isOwn(identifier: string): boolean;
  /** The audiences that are the hub. */
  own(): readonly [string, ...string[]];
  /** A service of the host's own; `undefined` for the hub and for unknown ones. */
  find(identifier: string): Resource | undefined;
  readonly hosts: readonly Resource[];
}

export function createResourceBook({
  publicUrl,
  parseUrl,
  resources,
}: {
  readonly publicUrl: string;
  readonly resources: readonly Resource[];
  parseUrl(): string;
}): ResourceBook {
  const own = (): [string, string] => [publicUrl, withoutSlash(parseUrl())];
  return {
    hosts: resources,
    parseUrl: () => withoutSlash(parseUrl()),
    own,
    isOwn: (identifier) => own().includes(withoutSlash(identifier)),
    find: (identifier) => resources.find((each) => each.identifier === identifier),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
