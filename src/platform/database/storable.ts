/**
 * Returns text that both engines can store. PostgreSQL has no U+0000 and no unpaired surrogates, so each becomes
 * U+FFFD, on MongoDB too: a receiver that responds with NUL bytes must not make a row impossible to store.
 * https://www.postgresql.org/docs/current/datatype-json.html
 */
export function storableText(text: string): string {
  return /[\0\p{Cs}]/u.test(text) ? text.replace(/[\0\p{Cs}]/gu, '\uFFFD') : text;
}

/**
 * Returns the JSON text of `value` under the same rule, keys included. `JSON.stringify` writes exactly the offending
 * characters as escapes, so the text is corrected escape by escape.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!/\\u(?:0000|d[89a-f])/.test(json)) return json;
  return json.replace(/\\(?:u[0-9a-f]{4}|.)/g, (escape) =>
    /^\\u(?:0000|d[89a-f]..)$/.test(escape) ? '\\ufffd' : escape,
  );
}
