import { subscribe, unsubscribe } from 'node:diagnostics_channel';

// https://github.com/nodejs/undici/blob/v7.x/docs/docs/api/DiagnosticsChannel.md#undicirequestheaders
const RESPONSE_HEADERS = 'undici:request:headers';

interface ResponseEvent {
  readonly request: { readonly method: string; readonly path: string };
  readonly response: { readonly statusCode: number };
}

/** Records the requests of this process from now on with their status, as `POST /token 200`. */
export function recordRequests(): { readonly lines: string[]; stop(): void } {
  const lines: string[] = [];
  const record = (message: unknown) => {
    const { request, response } = message as ResponseEvent;
    const [path = ''] = request.path.split('?');
    lines.push(`${request.method} ${path} ${String(response.statusCode)}`);
  };
  subscribe(RESPONSE_HEADERS, record);
  return { lines, stop: () => void unsubscribe(RESPONSE_HEADERS, record) };
}
