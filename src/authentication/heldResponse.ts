import type { ServerResponse } from 'node:http';

/** A response that Parse Server has made and that is not sent yet. */
export interface HeldResponse {
  readonly status: number;
  /** The code of Parse's error; `undefined` when it is none. */
  readonly code: number | undefined;
  /** Sends it as it is. */
  send(): void;
  /** Removes the headers that describe its body, so that another one can be sent instead. */
  discard(): void;
}

/** Runs what responds, and returns its response instead of sending it. */
export function holdResponse(res: ServerResponse, respond: () => void): Promise<HeldResponse> {
  return new Promise((resolve) => {
    const end = res.end.bind(res) as (...given: readonly unknown[]) => ServerResponse;
    const hold = (...given: readonly unknown[]) => {
      res.end = end as ServerResponse['end'];
      resolve({
        status: res.statusCode,
        code: res.statusCode < 400 ? undefined : codeIn(given[0]),
        send: () => void end(...given),
        discard: () => {
          for (const name of ['content-length', 'etag', 'content-type']) res.removeHeader(name);
        },
      });
      return res;
    };
    res.end = hold as ServerResponse['end'];
    respond();
  });
}

/** Reads the code of `{ code, error }`, in which Parse Server responds with errors. */
function codeIn(body: unknown): number | undefined {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return undefined;
  try {
    const { code } = JSON.parse(body.toString()) as { readonly code?: unknown };
    return typeof code === 'number' ? code : undefined;
  } catch {
    return undefined;
  }
}
