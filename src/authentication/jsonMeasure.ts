/** How much JSON has been seen. */
export interface JsonSize {
  /** Members of objects, at all levels. Lists cost little: 100,000 numbers as much as 3,000 members. */
  readonly keys: number;
  /** The deepest level; 1 for the members of the outermost object. */
  readonly depth: number;
  /** Members of the object that has the most at the level of parameters. Parse Server works on each of them several times. */
  readonly params: number;
}

export interface MeasureOptions {
  /** The level of parameters: 1, or 4 in a batch (`{"requests":[{"body":{…}}]}`). */
  readonly paramsLevel: number;
  /**
   * Gets each text one level above the parameters, as the bytes between its quotes, escapes included; `undefined` for one that
   * is too long: the path of a request in a batch is among them.
   */
  readonly onText?: ((text: Buffer | undefined) => void) | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Longer texts are not read. */
const TEXT_BYTES_MAX = 2_048;

/**
 * Measures JSON in UTF-8 as it comes in, in linear time and without parsing it. Never less than what a parser makes of it: a
 * parser stops where it is not valid, and until there both read the same.
 */
export class JsonMeasure implements JsonSize {
  keys = 0;
  depth = 0;
  params = 0;
  #level = 0;
  #paramsHere = 0;
  #isInText = false;
  #isEscaped = false;
  #text: number[] | undefined;

  constructor(private readonly options: MeasureOptions) {}

  add(bytes: Uint8Array): void {
    let isInText = this.#isInText;
    for (const byte of bytes) {
      if (isInText) isInText = this.#goOnInText(byte);
      else if (byte === QUOTE) isInText = this.#beginText();
      else if (byte >= COLON) this.#addToken(byte);
    }
    this.#isInText = isInText;
  }

  #addToken(byte: number): void {
    const { paramsLevel } = this.options;
    if (byte === COLON) {
      this.keys += 1;
      if (this.#level !== paramsLevel) return;
      this.#paramsHere += 1;
      if (this.#paramsHere > this.params) this.params = this.#paramsHere;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.#level += 1;
      if (this.#level > this.depth) this.depth = this.#level;
      if (this.#level === paramsLevel) this.#paramsHere = 0;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#level -= 1;
  }

  #beginText(): true {
    const { onText, paramsLevel } = this.options;
    if (onText && this.#level === paramsLevel - 1) this.#text = [];
    return true;
  }

  /** Returns whether the text goes on after this byte. */
  #goOnInText(byte: number): boolean {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === QUOTE) {
      if (this.#text) this.#endText(this.#text);
      return false;
    } else if (byte === BACKSLASH) this.#isEscaped = true;
    if (this.#text && this.#text.length <= TEXT_BYTES_MAX) this.#text.push(byte);
    return true;
  }

  #endText(text: readonly number[]): void {
    this.options.onText?.(text.length > TEXT_BYTES_MAX ? undefined : Buffer.from(text));
    this.#text = undefined;
  }
}

/** Measures what has been parsed already; stops when there are more than `keysMax` members or `depthMax` levels. */
export function measureParsed(
  body: unknown,
  { keysMax, depthMax }: { readonly keysMax: number; readonly depthMax: number },
  paramsLevel: number,
): JsonSize {
  const open: { readonly value: object; readonly level: number }[] = [];
  const size = { keys: 0, depth: 0, params: 0 };
  const visit = (value: unknown, level: number) => {
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return;
    size.depth = Math.max(size.depth, level);
    open.push({ value, level });
  };
  visit(body, 1);
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, level } = next;
    const members = Object.values(value);
    if (!Array.isArray(value)) {
      size.keys += members.length;
      if (level === paramsLevel) size.params = Math.max(size.params, members.length);
    }
    if (size.keys > keysMax || size.depth > depthMax) return size;
    for (const member of members) visit(member, level + 1);
  }
  return size;
}
