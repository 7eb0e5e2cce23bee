import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import ts from 'typescript';

const top = path.resolve(import.meta.dirname, '../..');

/** A sentence with which a start is refused; `…` stands for what differs. */
export interface StartMessage {
  readonly text: string;
  readonly file: string;
}

/** Where starts are refused: the hub's own, and those of `npm start` and `npm run doctor`. */
const FOLDERS = ['src', 'scripts/start'];
const CLASSES: ReadonlySet<string> = new Set(['StartProblem', 'StartRefused']);
/** Where a host that starts meets an Error as well. */
const OF_HOSTS: ReadonlySet<string> = new Set(
  ['hub', 'hubLife', 'hubSettings', 'installHub', 'hostCloud', 'options'].map((name) =>
    path.join('src/app', `${name}.ts`),
  ),
);

/** Runs before anything is loaded that an old Node could not read: what it returns are its messages. */
const ENTRY = path.join('scripts', 'run.cjs');

/** The texts that are given to `new StartProblem(…)`, `new StartRefused(…)` and to a host's `new Error(…)`, read from the sources. */
export function startMessages(): StartMessage[] {
  return FOLDERS.flatMap((folder) => {
    const files = readdirSync(path.join(top, folder), { recursive: true, encoding: 'utf8' });
    return files.filter((file) => file.endsWith('.ts')).map((file) => path.join(folder, file));
  })
    .concat(ENTRY)
    .flatMap(messagesIn);
}

function refuses(className: string, file: string): boolean {
  return CLASSES.has(className) || (className === 'Error' && OF_HOSTS.has(file));
}

function messagesIn(file: string): StartMessage[] {
  const text = readFileSync(path.join(top, file), 'utf8');
  const found: StartMessage[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isNewExpression(node) && refuses(node.expression.getText(source), file)) {
      const [argument] = node.arguments ?? [];
      const said = argument && textOf(argument);
      if (said !== undefined) found.push({ text: said, file });
    }
    if (file === ENTRY && ts.isReturnStatement(node) && node.expression) {
      const said = textOf(node.expression);
      if (said !== undefined) found.push({ text: said, file });
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  visit(source);
  return found;
}

/** `undefined` for what is put together elsewhere. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}
