// AWS responds with a subset of XML: elements with text or with elements, no DTD, attributes without meaning.

type Value = string | Members | readonly Value[];
interface Members {
  readonly [name: string]: Value;
}
interface Open {
  readonly name: string;
  text: string;
  readonly children: (readonly [name: string, value: Value])[];
}

/** Responses have five levels. */
const DEPTH_MAX = 32;

const TOKEN =
  /<\?[^>]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[(?<raw>[\s\S]*?)\]\]>|<(?<close>\/?)(?<name>[A-Za-z_][\w.:-]*)(?:\s[^<>]*?)?(?<empty>\/?)>|(?<text>[^<]+)/y;

/**
 * Parses an XML body into an object with the root's name as its only member: an element with elements becomes an object,
 * any other its text. `lists` names the elements that may repeat; these always become lists, even a single one. Returns
 * the body unchanged if it is not such XML.
 */
export function xmlReader(lists: readonly string[]): (body: unknown) => unknown {
  return (body) => (typeof body === 'string' ? (parse(body, new Set(lists)) ?? body) : body);
}

function parse(xml: string, lists: ReadonlySet<string>): Members | undefined {
  const top: Open = { name: '', text: '', children: [] };
  const open = [top];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const groups = TOKEN.exec(xml)?.groups;
    const current = open.at(-1);
    if (!groups || !current || open.length > DEPTH_MAX) return undefined;
    const { raw, close, name, empty, text } = groups;
    if (name === undefined) {
      current.text += raw ?? unescape(text ?? '');
    } else if (close === '') {
      const element: Open = { name, text: '', children: [] };
      if (empty === '') open.push(element);
      else current.children.push([name, '']);
    } else {
      open.pop();
      if (current.name !== name) return undefined;
      open.at(-1)?.children.push([name, valueOf(current, lists)]);
    }
  }
  const [root, ...others] = top.children;
  const isWhole = open.length === 1 && root && others.length === 0 && top.text.trim() === '';
  return isWhole ? Object.fromEntries([root]) : undefined;
}

function valueOf({ text, children }: Open, lists: ReadonlySet<string>): Value {
  if (children.length === 0) return text;
  const byName = new Map<string, Value[]>();
  for (const [name, value] of children) {
    const values = byName.get(name);
    if (values) values.push(value);
    else byName.set(name, [value]);
  }
  return Object.fromEntries(
    [...byName].map(([name, values]) => {
      const [first = ''] = values;
      return [name, values.length > 1 || lists.has(name) ? values : first];
    }),
  );
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** https://www.w3.org/TR/xml/#sec-references */
function unescape(text: string): string {
  return text.replace(/&(#x[0-9A-Fa-f]{1,6}|#\d{1,7}|\w+);/g, (whole, reference: string) => {
    if (!reference.startsWith('#')) return NAMED[reference] ?? whole;
    const code = Number(`0${reference.slice(1)}`.replace(/^0(?=\d)/, ''));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Escapes text between tags. Line ends become references, because parsers would normalize them. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}
