import { z } from 'zod';

import {
  type ActionBody,
  type ActionRequest,
  type AnyAction,
  defineAction,
  type Path,
} from '../../contract/index.js';
import { checkHeaders } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { executionErrors } from '../errors.js';
import { type Executed, type ExecuteDeps, executePlan } from './execute.js';
import { type Asked, planOf, readied } from './plan.js';

/** A request to a service for which its connector has no action. */
export interface FreeRequest {
  readonly method: ActionRequest['method'];
  /** Below the server’s address: `/v1/customers`. */
  readonly path: string;
  /** Which of the connector’s servers. Default the first. */
  readonly server?: string | undefined;
  readonly query?: ActionRequest['query'] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: ActionBody | undefined;
}

const PATH_LENGTH_MAX = 4_096;

/**
 * Sends it with the credential, within the same limits as everything else; whatever the service answers is the answer.
 * Throws ProxyNotAllowed, PathNotAllowed, HeaderNotAllowed and what `execute` throws.
 */
export async function proxy(
  deps: ExecuteDeps,
  asked: Omit<Asked, 'action' | 'input'>,
  request: FreeRequest,
): Promise<Executed> {
  const ready = await readied(deps, asked.integration);
  if (!ready.settings.allowProxy) throw executionErrors.ProxyNotAllowed();
  checkHeaders(request.headers ?? {}, ['authorization', 'cookie']);
  const { servers } = ready.connector;
  if (request.server !== undefined && !Object.hasOwn(servers, request.server)) {
    const problem = `the connector has no such server, but ${Object.keys(servers).join(', ')}`;
    throw executionErrors.PathNotAllowed({ problem });
  }
  const executionId = newId();
  const action = freeAction(request, checkedPath(request.path));
  const plan = {
    ...planOf({ ...ready, caller: asked.caller }, { action, input: {}, key: executionId }),
    isRaw: true,
  };
  const input = { method: request.method, path: request.path, query: request.query };
  return executePlan(deps, { asked: { ...asked, action: 'proxy', input }, plan, executionId });
}

function freeAction({ method, server, query, headers, body }: FreeRequest, path: Path): AnyAction {
  const request: ActionRequest = {
    method,
    path,
    ...(server !== undefined && { server }),
    ...(query && { query }),
    ...(headers && { headers }),
    ...(body && { body }),
  };
  return defineAction({
    name: 'proxy',
    summary: 'A free request.',
    docs: '',
    risk: method === 'GET' || method === 'HEAD' ? 'read' : 'write',
    // https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
    idempotent: method !== 'POST' && method !== 'PATCH',
    input: () => z.strictObject({}),
    output: () => z.json(),
    request: () => request,
    answer: ({ status, headers: said, body: answered }) => ({
      status,
      headers: shown(said),
      body: answered,
    }),
    example: { input: {}, sends: { method, url: '' }, answer: { body: null } },
  });
}

/** Headers that are the service’s affair with us, not with the caller. */
const NOT_SHOWN = new Set(['set-cookie', 'connection', 'keep-alive', 'transfer-encoding']);

function shown(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_SHOWN.has(name)));
}

/** A path that stays below the server, however it is read: as it is, decoded, or decoded twice. */
function checkedPath(path: string): Path {
  const problem = problemOfPath(path);
  if (problem !== undefined) throw executionErrors.PathNotAllowed({ problem });
  return path as Path;
}

function problemOfPath(path: string): string | undefined {
  if (path.length > PATH_LENGTH_MAX)
    return `it has more than ${String(PATH_LENGTH_MAX)} characters`;
  if (!path.startsWith('/') || path.startsWith('//')) return 'it must begin with one slash';
  if (!/^[\x21-\x7e]+$/.test(path)) return 'what is not plain ASCII must be percent-encoded';
  if (/[?#]/.test(path)) return 'parameters go into query';
  const read = [path, decoded(path), decoded(decoded(path))];
  if (read.some((each) => /(?:^|[/\\])\.{1,2}(?:[/\\;]|$)/.test(each) || each.includes('\\'))) {
    return 'it leads elsewhere';
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoding of text: it stays what it is.
    return text;
  }
}
