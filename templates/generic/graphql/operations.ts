/** An operation of a document. */
export type OperationKind = 'query' | 'mutation' | 'subscription';

/**
 * https://spec.graphql.org/October2021/#sec-Language.Source-Text: what is ignored, comments, block strings, strings, `...`,
 * names, numbers, signs. Every text has only one match, so that matching takes linear time.
 */
const TOKEN =
  /[\t\n\r ,\uFEFF]+|#[^\n\r]*|"""(?:[^"\\]|\\"""|\\(?!""")|"(?!""))*"""|"(?:[^"\\\n\r]|\\[^\n\r])*"|\.\.\.|[_A-Za-z]\w*|-?\d[\w.+-]*|[!$&():=@[\]{|}]/y;

const CLOSED_BY: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/**
 * Returns the kinds of the operations of a GraphQL document, in its order; `undefined` for other text and when in doubt: a
 * document that is sent must not contain an operation that was not recognized here.
 */
export function operationsIn(document: string): readonly OperationKind[] | undefined {
  const kinds: OperationKind[] = [];
  const open: string[] = [];
  // A selection set ends each definition, and nothing else at its level has braces.
  let begins = true;
  for (const token of tokensOf(document)) {
    if (token === undefined) return undefined;
    if (begins) {
      const kind = token === '{' ? 'query' : token;
      if (isOperation(kind)) kinds.push(kind);
      else if (kind !== 'fragment') return undefined;
      begins = false;
    }
    if ('([{'.includes(token)) open.push(token);
    const opening = CLOSED_BY.get(token);
    if (opening !== undefined && open.pop() !== opening) return undefined;
    begins = token === '}' && open.length === 0;
  }
  return begins && kinds.length > 0 ? kinds : undefined;
}

function isOperation(word: string): word is OperationKind {
  return word === 'query' || word === 'mutation' || word === 'subscription';
}

/** Returns the significant tokens; `undefined` when a text contains anything else. */
function* tokensOf(document: string): Generator<string | undefined> {
  for (let at = 0; at < document.length;) {
    TOKEN.lastIndex = at;
    const [token] = TOKEN.exec(document) ?? [];
    if (token === undefined) {
      yield undefined;
      return;
    }
    at += token.length;
    if (!/^[\t\n\r ,\uFEFF#]/.test(token)) yield token;
  }
}
