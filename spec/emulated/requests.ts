import { subscribe, unsubscribe } from 'node:diagnostics_channel';

// https://github.com/nodejs/undici/blob/v7.x/docs/docs/api/DiagnosticsChannel.md#undicirequestheaders
const ANSWERED = 'undici:request:headers';

interface Answered {
  readonly request: { readonly method: string; readonly path: string };
  readonly response: { readonly statusCode: number };
}

/** Requests that this process was answered from now on, as `POST /token 200`. */
export function recordRequests(): { readonly answered: string[]; stop(): void } {
  const answered: string[] = [];
  const record = (message: unknown) => {
    const { request, response } = message as Answered;
    const [path = ''] = request.path.split('?');
    answered.push(`${request.method} ${path} ${String(response.statusCode)}`);
  };
  subscribe(ANSWERED, record);
  return { answered, stop: () => void unsubscribe(ANSWERED, record) };
}
