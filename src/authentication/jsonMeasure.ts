/** How much JSON has been seen. */
export interface JsonSize {
  /**
   * Members of objects, at all levels. Those beyond the hundredth of one object count tenfold: many small objects of one shape
   * cost Parse Server a tenth of one with as many members. By what they cost, each object and list counts as two members, and
   * each further element of a list as a quarter of one.
   */
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
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const NARROW_MAX = 100;
const WIDE_WEIGHT = 10;
const CONTAINER_WEIGHT = 2;
const ELEMENT_WEIGHT = 1 / 4;
/** In place of a number of members. */
const LIST = -1;
/** At deeper levels each member counts as the first of its object. */
const LEVELS_MAX = 10_000;
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
  /** Members so far of the open object at each level; LIST for a list. */
  readonly #members: number[] = [];
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
      else if (byte === COMMA && this.#isInList()) this.keys += ELEMENT_WEIGHT;
    }
    this.#isInText = isInText;
  }

  #addToken(byte: number): void {
    if (byte === COLON) this.#addMember();
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.#level += 1;
      this.keys += CONTAINER_WEIGHT;
      if (this.#level > this.depth) this.depth = this.#level;
      if (this.#level <= LEVELS_MAX) this.#members[this.#level] = byte === OPEN_LIST ? LIST : 0;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#level -= 1;
  }

  #isInList(): boolean {
    return this.#members[this.#level] === LIST || this.#level > LEVELS_MAX;
  }

  #addMember(): void {
    const level = this.#level;
    const members = Math.max(0, this.#members[level] ?? 0) + 1;
    if (level <= LEVELS_MAX) this.#members[level] = members;
    this.keys += members > NARROW_MAX ? WIDE_WEIGHT : 1;
    if (level === this.options.paramsLevel && members > this.params) this.params = members;
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
    size.keys += CONTAINER_WEIGHT;
    if (Array.isArray(value)) size.keys += Math.max(0, members.length - 1) * ELEMENT_WEIGHT;
    else {
      const wide = Math.max(0, members.length - NARROW_MAX);
      size.keys += members.length + wide * (WIDE_WEIGHT - 1);
      if (level === paramsLevel) size.params = Math.max(size.params, members.length);
    }
    if (size.keys > keysMax || size.depth > depthMax) return size;
    for (const member of members) visit(member, level + 1);
  }
  return size;
}
