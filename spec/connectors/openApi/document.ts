import {
  buildRequest,
  connectorFromOpenApi,
  type OpenApiOptions,
} from '../../../src/connectors/index.js';
import type { AnyAction } from '../../../src/contract/index.js';

type Members = Readonly<Record<string, unknown>>;

/** A small OpenAPI 3.0 document with one operation, `call`, and the given parts. */
export function documentWith({
  operation = {},
  path = '/things',
  method = 'get',
  ...rest
}: {
  readonly operation?: Members;
  readonly path?: string;
  readonly method?: string;
} & Members = {}): Members {
  return {
    openapi: '3.0.3',
    info: { title: 'Things', version: '1' },
    servers: [{ url: 'https://api.example.com/v1' }],
    paths: { [path]: { [method]: { operationId: 'call', responses: {}, ...operation } } },
    ...rest,
  };
}

/** The connector of a document, and its action `call`. */
export function load(document: unknown, options: Partial<OpenApiOptions> = {}) {
  const connector = connectorFromOpenApi(document, { key: 'things', ...options });
  const action = (name = 'call'): AnyAction => {
    const found = connector.actions.find((each) => each.name === name);
    if (!found) throw new Error(`There is no ${name} among ${String(connector.actions.length)}.`);
    return found;
  };
  return {
    connector,
    action,
    /** Returns the request for an input. */
    send(input: unknown, name?: string) {
      const parsed: unknown = action(name).input.parse(input);
      const request = action(name).request(parsed);
      const { method, url, headers, body } = buildRequest(
        connector,
        request,
        connector.example ?? {},
      );
      return { method, url: url.href, headers, text: body?.toString('utf8') };
    },
    /** Returns the problems of a refused input. */
    refusal(input: unknown, name?: string): string[] {
      const parsed = action(name).input.safeParse(input) as {
        error?: { issues: { path: (string | number)[]; message: string }[] };
      };
      return (parsed.error?.issues ?? []).map((issue) =>
        `${issue.path.join('/')} ${issue.message}`.trim(),
      );
    },
  };
}

/** Returns the problem of a document that cannot be used. */
export function documentProblem(document: unknown, options: Partial<OpenApiOptions> = {}): string {
  try {
    load(document, options);
  } catch (error) {
    return (error as Error).message;
  }
  return 'it can be used';
}
