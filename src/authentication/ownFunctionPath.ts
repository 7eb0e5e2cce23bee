import { posix } from 'node:path';

/** `own`: a function of the hub. `batch`: may call one. `host`: anything else. */
export type PathKind = 'own' | 'batch' | 'host';

/** Returns what a URL of Parse Server calls, in each spelling that it may route. */
export function pathKind(url: string, isOwn: (functionName: string) => boolean): PathKind {
  const [path = ''] = url.split(/[?#]/, 1);
  if (isOwnFunctionPath(path, isOwn)) return 'own';
  return /(?:^|\/)batch\/*$/i.test(decoded(path)) ? 'batch' : 'host';
}

/** Whether a path, also one within a batch, calls a function of the hub. */
export function isOwnFunctionPath(path: string, isOwn: (functionName: string) => boolean): boolean {
  const {
    length,
    [length - 2]: route,
    [length - 1]: name,
  } = posix
    .normalize(path)
    .split('/')
    .filter((segment) => segment !== '');
  return (
    route !== undefined &&
    name !== undefined &&
    decoded(route).toLowerCase() === 'functions' &&
    isOwn(decoded(name))
  );
}

/** Resolves escapes as Express does; a malformed one, which it refuses, stays. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
