import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

import { type AppError, commonErrors } from '../contract/index.js';
import type { CallGate } from '../platform/callGate/index.js';
import { yieldToOthers } from '../platform/yieldToOthers.js';
import { addressOf, type Gateway } from './gateway.js';
import { JsonMeasure, type JsonSize, measureParsed } from './jsonMeasure.js';
import { isOwnFunctionPath, type PathKind, pathKind } from './ownFunctionPath.js';
import { readAndPutBack } from './readAndPutBack.js';

/** What a request body may have at most before it is parsed. */
interface BodyLimits {
  /** The size, decompressed. */
  readonly bytesMax: number;
  /** Levels of nested objects and lists. */
  readonly depthMax: number;
  /** See `JsonSize`. */
  readonly keysMax: number;
}

export interface RequestLimits extends BodyLimits {
  /** How many members the objects of a batch may have that calls a function of the hub. */
  readonly batchKeysMax: number;
  /** Whether the limits hold for all requests to Parse Server, also for the host's own classes and functions. */
  readonly hostRequests: boolean;
}

/** A request that the host may have parsed already. */
type MaybeParsed = IncomingMessage & { readonly body?: unknown };

/**
 * Returns why the body of a request is refused before Parse Server parses it; `undefined` when it may pass, and then the
 * stream has the same bytes as before. Only requests to functions of the hub, and batches that call one, are refused, unless
 * `hostRequests`. Resolves with 'gone' when the client went away. Throws TooManyCalls.
 */
export async function problemOfBody(
  req: MaybeParsed,
  limits: RequestLimits,
  { isOwn, gate }: Pick<Gateway, 'isOwn' | 'gate'>,
): Promise<AppError | 'gone' | undefined> {
  const kind = pathKind(req.url ?? '', isOwn);
  const isHost = kind === 'host';
  if ((isHost && !limits.hostRequests) || !hasBody(req)) return undefined;
  const isBatch = kind === 'batch';
  const keysMax = isBatch ? limits.batchKeysMax : limits.keysMax;
  const body = { limits: { ...limits, keysMax }, kind, isBatch, isOwn, gate };
  if (req.readableEnded || req.body !== undefined) return problemOfParsed(req.body, body);
  if (isForm(req)) return undefined;
  const unreadable = problemOfType(req, kind);
  return unreadable ?? problemOfStream(req, body);
}

interface Measured {
  readonly gate: Pick<CallGate, 'inflate'>;
  readonly limits: RequestLimits;
  readonly kind: PathKind;
  readonly isBatch: boolean;
  readonly isOwn: (functionName: string) => boolean;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Parse Server takes forms with at most 1,000 fields and 100 kB (the defaults of express.urlencoded). */
function isForm({ headers }: IncomingMessage): boolean {
  return /^\s*application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
}

/** Returns why a body cannot be measured: Parse Server would also read other encodings, and fields of multipart forms. */
function problemOfType({ headers }: IncomingMessage, kind: string): AppError | undefined {
  const type = headers['content-type'] ?? '';
  if (/^\s*multipart\//i.test(type)) {
    if (kind !== 'own') return undefined;
    return commonErrors.RequestNotReadable({ problem: 'multipart forms are not accepted here' });
  }
  const charsets = [...type.matchAll(/charset\s*=\s*"?([^";\s]*)/gi)].map(([, name = '']) => name);
  if (charsets.every((name) => /^(?:utf-?8|us-ascii|iso-8859-1)$/i.test(name))) return undefined;
  return commonErrors.RequestNotReadable({ problem: 'it has another charset' });
}

function problemOfParsed(
  body: unknown,
  { limits, kind, isBatch, isOwn }: Measured,
): AppError | undefined {
  const problem = problemOfSize(measureParsed(body, limits, PARAMS_LEVEL[kind]), limits);
  if (!problem || !isBatch || limits.hostRequests) return problem;
  const requests = (body as { readonly requests?: unknown } | undefined)?.requests;
  if (!Array.isArray(requests)) return undefined;
  const isOurs = requests.some((request: { readonly path?: unknown } | null) => {
    const path = request?.path;
    return typeof path === 'string' && isOwnFunctionPath(path, isOwn);
  });
  return isOurs ? problem : undefined;
}

async function problemOfStream(
  req: IncomingMessage,
  { limits, kind, isBatch, isOwn, gate }: Measured,
): Promise<AppError | 'gone' | undefined> {
  // Without a call of the hub, a batch is the host's own.
  let isOurs = !isBatch || limits.hostRequests;
  const measure = new JsonMeasure({
    paramsLevel: PARAMS_LEVEL[kind],
    onText: isOurs
      ? undefined
      : (text) => {
          isOurs ||= mayCallOwn(text, isOwn);
        },
  });
  const encoding = (req.headers['content-encoding'] ?? 'identity').toLowerCase();
  const isPlain = encoding === 'identity';
  const problem = () => (isOurs ? problemOfSize(measure, limits) : undefined);
  let bytes = 0;
  const read = await readAndPutBack(req, (chunk) => {
    bytes += chunk.length;
    if (isPlain) measure.add(chunk);
    return bytes <= limits.bytesMax && !problem();
  });
  if (read.outcome === 'gone') return 'gone';
  // A longer batch of the host is Parse Server's to refuse, by its maxUploadSize.
  if (bytes > limits.bytesMax) return isOurs ? tooLarge('bytes', limits.bytesMax) : undefined;
  if (isPlain) return problem();
  // A few kilobytes become many megabytes: few at once.
  return gate.inflate(addressOf(req), async () => {
    const inflated = await inflate(encoding, read.chunks, limits.bytesMax);
    if (inflated === 'tooLarge') return isBatch ? undefined : tooLarge('bytes', limits.bytesMax);
    for (let at = 0; inflated && at < inflated.length && !problem(); at += PART_BYTES) {
      measure.add(inflated.subarray(at, at + PART_BYTES));
      await yieldToOthers();
    }
    return problem();
  });
}

/** A function of the hub has at most some dozens. */
const PARAMS_MAX = 1_000;
/** Where the parameters of a function are. The level 0 does not exist: the host's own may have as many as they like. */
const PARAMS_LEVEL: Readonly<Record<PathKind, number>> = { own: 1, batch: 4, host: 0 };
const PART_BYTES = 64 * 1024;

function problemOfSize(
  { keys, depth, params }: JsonSize,
  { keysMax, depthMax }: BodyLimits,
): AppError | undefined {
  if (params > PARAMS_MAX) return tooLarge('parameters', PARAMS_MAX);
  if (keys > keysMax) return tooLarge('members of objects and elements of lists', keysMax);
  return depth > depthMax ? tooLarge('levels of nesting', depthMax) : undefined;
}

function tooLarge(what: string, max: number): AppError {
  return commonErrors.RequestTooLarge({ what, max });
}

/** Whether a text in a batch may be the path of a function of the hub; one that is too long to be read may. */
function mayCallOwn(text: Buffer | undefined, isOwn: (functionName: string) => boolean): boolean {
  if (!text) return true;
  const raw = text.toString();
  if (!raw.includes('\\')) return isOwnFunctionPath(raw, isOwn);
  try {
    return isOwnFunctionPath(JSON.parse(`"${raw}"`) as string, isOwn);
  } catch {
    return false;
  }
}

type Inflate = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** What Parse Server decompresses. It refuses other encodings itself. */
const INFLATES: Readonly<Record<string, Inflate | undefined>> = {
  gzip: promisify(zlib.gunzip),
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
  ...('zstdDecompress' in zlib && {
    zstd: promisify(zlib.zstdDecompress as typeof zlib.gunzip),
  }),
};

/** Returns `undefined` for what cannot be decompressed, which Parse Server refuses. */
async function inflate(
  encoding: string,
  chunks: readonly Buffer[],
  maxOutputLength: number,
): Promise<Buffer | 'tooLarge' | undefined> {
  try {
    return await INFLATES[encoding]?.(Buffer.concat(chunks), { maxOutputLength });
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLarge' : undefined;
  }
}
