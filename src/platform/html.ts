/** HTML made by `html`. All other text is escaped when it is put on a page. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/**
 * The values of a template: text, which is escaped; HTML made by `html`; lists of both. `undefined` and `false` render
 * as nothing.
 */
export type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[];

/**
 * Makes HTML from a template. Values are escaped so that they are safe between tags and within quoted attributes; put
 * quotes around each attribute. Validate a URL in `href` or `src` besides: escaping does not make `javascript:` safe.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.map((text, nth) => text + renderValue(values[nth])).join(''));
}

function renderValue(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(renderValue).join('');
  return escapeHtml(String(value));
}

/** Escapes text for use between tags and within quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (char) => ENTITIES[char] ?? char);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
