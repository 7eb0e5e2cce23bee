import type { IncomingMessage } from 'node:http';

export interface ReadBody {
  /** `complete`: all of it. `stopped`: `onChunk` returned false. `gone`: the client went away. */
  readonly outcome: 'complete' | 'stopped' | 'gone';
  readonly chunks: readonly Buffer[];
}

/**
 * Reads a request body until its end, or until `onChunk` returns false, and puts it back into the stream: who reads it next
 * gets the same bytes.
 */
export function readAndPutBack(
  req: IncomingMessage,
  onChunk: (chunk: Buffer) => boolean,
): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    function finish(outcome: ReadBody['outcome']): void {
      req.off('readable', onReadable);
      req.off('close', onGone);
      req.off('error', onGone);
      // In the same turn as the last read: the stream would end otherwise.
      if (outcome !== 'gone') for (const chunk of chunks.toReversed()) req.unshift(chunk);
      resolve({ outcome, chunks });
    }
    function onReadable(): void {
      for (let chunk = read(req); chunk; chunk = read(req)) {
        chunks.push(chunk);
        if (!onChunk(chunk)) {
          finish('stopped');
          return;
        }
      }
      if (req.complete) finish('complete');
    }
    function onGone(): void {
      finish('gone');
    }
    req.on('readable', onReadable);
    req.on('close', onGone);
    req.on('error', onGone);
    if (req.destroyed) finish('gone');
  });
}

function read(req: IncomingMessage): Buffer | null {
  return req.read() as Buffer | null;
}
