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
import { type ExecuteDeps, executePlan, type ExecutionResult } from './execute.js';
import { type ExecutionRequest, type Plan, planAction } from './plan.js';
import { checkMayUse, prepare } from './prepare.js';

/** A request to a service that its connector has no action for. */
export interface ProxyRequest {
  readonly method: ActionRequest['method'];
  /** Below the server’s address: `/v1/customers`. */
  readonly path: string;
  /** One of the connector’s servers. Default: the first. */
  readonly server?: string | undefined;
  readonly query?: ActionRequest['query'] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: ActionBody | undefined;
}

const PATH_LENGTH_MAX = 4_096;

/**
 * Sends a request of the caller's own with the credential, within the same limits as actions. Returns the status, headers and
 * body of the response, whatever they are. Throws ProxyNotAllowed, PathNotAllowed, HeaderNotAllowed and what `execute` throws.
 */
export async function proxy(
  deps: ExecuteDeps,
  execution: Omit<ExecutionRequest, 'action' | 'input'>,
  request: ProxyRequest,
): Promise<ExecutionResult> {
  const ready = await prepare(deps, execution.integration);
  checkMayUse(ready, execution.membership);
  if (!ready.settings.allowProxy) throw executionErrors.ProxyNotAllowed();
  checkHeaders(request.headers ?? {}, ['authorization', 'cookie']);
  const { servers } = ready.connector;
  if (request.server !== undefined && !Object.hasOwn(servers, request.server)) {
    const problem = `server must be one of ${Object.keys(servers).join(', ')}`;
    throw executionErrors.PathNotAllowed({ problem });
  }
  const executionId = newId();
  const action = proxyAction(request, checkPath(request.path));
  const { caller } = execution;
  const planned = planAction(
    { ...ready, caller },
    { action, input: {}, idempotencyKey: executionId },
  );
  const plan: Plan = { ...planned, isRaw: true };
  const input = { method: request.method, path: request.path, query: request.query };
  return executePlan(deps, {
    request: { ...execution, action: 'proxy', input },
    plan,
    executionId,
  });
}

function proxyAction(
  { method, server, query, headers, body }: ProxyRequest,
  path: Path,
): AnyAction {
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
    summary: 'A request without an action.',
    docs: '',
    risk: method === 'GET' || method === 'HEAD' ? 'read' : 'write',
    // https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
    idempotent: method !== 'POST' && method !== 'PATCH',
    input: () => z.strictObject({}),
    output: () => z.json(),
    request: () => request,
    response: ({ status, headers: responseHeaders, body: responseBody }) => ({
      status,
      headers: visibleHeaders(responseHeaders),
      body: responseBody,
    }),
    example: { input: {}, sends: { method, url: '' }, response: { body: null } },
  });
}

/** Response headers that concern the connection between the service and the hub, not the caller. */
const HIDDEN_HEADERS = new Set(['set-cookie', 'connection', 'keep-alive', 'transfer-encoding']);

function visibleHeaders(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HIDDEN_HEADERS.has(name)));
}

/** Throws PathNotAllowed unless the path stays below the server, read as it is, decoded once, or decoded twice. */
function checkPath(path: string): Path {
  const problem = problemOfPath(path);
  if (problem !== undefined) throw executionErrors.PathNotAllowed({ problem });
  return path as Path;
}

function problemOfPath(path: string): string | undefined {
  if (path.length > PATH_LENGTH_MAX) {
    return `it must have at most ${String(PATH_LENGTH_MAX)} characters`;
  }
  if (!path.startsWith('/') || path.startsWith('//')) return 'it must begin with exactly one slash';
  if (!/^[\x21-\x7e]+$/.test(path)) {
    return 'spaces and characters outside of ASCII must be percent-encoded';
  }
  if (/[?#]/.test(path)) return 'it must not contain ? or #: pass parameters in query';
  const read = [path, decodePercent(path), decodePercent(decodePercent(path))];
  if (read.some((each) => /(?:^|[/\\])\.{1,2}(?:[/\\;]|$)/.test(each) || each.includes('\\'))) {
    return 'it must not contain backslashes or the segments . and .., percent-encoded or not';
  }
  return undefined;
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not valid percent-encoding: the text stays as it is.
    return text;
  }
}
