import { jsonSizeUpTo } from '../jsonSize.js';
import { InlineWork } from './inlineWork.js';

/** Characters of JSON that are made at once: a millisecond or two. */
const PIECE_LENGTH = 256 * 1024;
/** Members of objects or items of lists that are looked at at once. */
const RUN_MAX = 5_000;

/** Shared, so that many values at once take no longer turns than one. */
const work = new InlineWork();

/**
 * Returns what JSON.stringify returns, and lets other work go on between the pieces of a large value: 19 MB of text would take a
 * hundred milliseconds at once. The value must not change meanwhile.
 */
export async function stringifyInPieces(
  value: unknown,
  pieceLength = PIECE_LENGTH,
): Promise<string | undefined> {
  const size = await work.slice(() => jsonSizeUpTo(value, pieceLength));
  if (size < pieceLength) return JSON.stringify(value);
  const texts: string[] = [];
  const pieces = piecesOf(value, pieceLength);
  for (let isOver = false; !isOver;) {
    await work.slice(() => {
      const { done = false, value: text } = pieces.next();
      isOver = done;
      if (text !== undefined) texts.push(text);
    });
  }
  return texts.length === 0 ? undefined : texts.join('');
}

type Pieces = Generator<string, undefined>;

function* piecesOf(given: unknown, pieceLength: number): Pieces {
  const value = plain(given);
  if (typeof value === 'string') yield* textPieces(value, pieceLength);
  else if (Array.isArray(value)) yield* listPieces(value, pieceLength);
  else if (typeof value === 'object' && value !== null)
    yield* objectPieces(value as Readonly<Record<string, unknown>>, pieceLength);
  else if (JSON.stringify(value) !== undefined) yield JSON.stringify(value);
  return undefined;
}

/** What a value is in JSON: a date is a text. */
function plain(value: unknown): unknown {
  const { toJSON } = (value ?? {}) as { readonly toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON.call(value, '') as unknown) : value;
}

/** Two halves of a surrogate pair in two pieces are escaped, and mean the same. */
function* textPieces(text: string, pieceLength: number): Pieces {
  yield '"';
  for (let at = 0; at < text.length; at += pieceLength)
    yield JSON.stringify(text.slice(at, at + pieceLength)).slice(1, -1);
  yield '"';
  return undefined;
}

function* listPieces(list: readonly unknown[], pieceLength: number): Pieces {
  let separator = '[';
  for (const { small, large } of runsOf(list, (item) => item, pieceLength)) {
    yield separator;
    if (small) yield JSON.stringify(small).slice(1, -1);
    else {
      let isEmpty = true;
      for (const piece of piecesOf(large, pieceLength)) {
        isEmpty = false;
        yield piece;
      }
      if (isEmpty) yield 'null';
    }
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
  return undefined;
}

function* objectPieces(object: Readonly<Record<string, unknown>>, pieceLength: number): Pieces {
  let separator = '{';
  // To list the members takes long by itself, and so did to find out that there are many.
  yield '';
  // Not Object.entries, which takes 50 ms for 50,000 members.
  for (const { small, large } of runsOf(Object.keys(object), (name) => object[name], pieceLength)) {
    if (small) {
      const text = membersOf(small, object);
      if (text === '') continue;
      yield separator + text;
    } else {
      let start = `${separator}${JSON.stringify(large)}:`;
      for (const piece of piecesOf(object[large], pieceLength)) {
        yield start + piece;
        start = '';
      }
      if (start !== '') continue;
    }
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
  return undefined;
}

function membersOf(names: readonly string[], object: Readonly<Record<string, unknown>>): string {
  const members = names.flatMap((name) => {
    const text = JSON.stringify(object[name]) as string | undefined;
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return members.join(',');
}

type Run<Item> =
  | { readonly small: readonly Item[]; readonly large?: undefined }
  | { readonly small?: undefined; readonly large: Item };

/** Returns items whose value is large alone, and the small ones between them in runs of about a piece. */
function* runsOf<Item>(
  items: readonly Item[],
  valueOf: (item: Item) => unknown,
  pieceLength: number,
): Generator<Run<Item>> {
  let small: Item[] = [];
  let length = 0;
  for (const item of items) {
    const size = jsonSizeUpTo(valueOf(item), pieceLength);
    const isLarge = size >= pieceLength;
    if ((isLarge || length + size > pieceLength || small.length >= RUN_MAX) && small.length > 0) {
      yield { small };
      small = [];
      length = 0;
    }
    if (isLarge) yield { large: item };
    else {
      small.push(item);
      length += size + 1;
    }
  }
  if (small.length > 0) yield { small };
}
