import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import ts from 'typescript';

const top = path.resolve(import.meta.dirname, '../..');

/** A message with which a start is refused. `…` stands for variable parts. */
export interface StartMessage {
  readonly text: string;
  readonly file: string;
}

/** Folders whose code refuses starts: that of the hub, and that of `npm start` and `npm run doctor`. */
const FOLDERS = ['src', 'scripts/start'];
const CLASSES: ReadonlySet<string> = new Set(['StartProblem', 'StartRefused']);
/** Registers the hub's jobs, and reports the ones that fail. */
const JOBS = path.join('cloud', 'registerJobs.ts');
/** Files whose plain errors a host can meet at start as well. */
const OF_HOSTS: ReadonlySet<string> = new Set(
  ['hub', 'hubLife', 'hubSettings', 'installHub', 'hostCloud', 'options']
    .map((name) => path.join('src/app', `${name}.ts`))
    .concat(JOBS),
);

/** Runs before any file that an old Node cannot read. Its messages are the strings that it returns. */
const ENTRY = path.join('scripts', 'run.cjs');

/** Reads from the sources the texts passed to `new StartProblem(…)`, `new StartRefused(…)` and a host's `new Error(…)`. */
export function startMessages(): StartMessage[] {
  return FOLDERS.flatMap((folder) => {
    const files = readdirSync(path.join(top, folder), { recursive: true, encoding: 'utf8' });
    return files.filter((file) => file.endsWith('.ts')).map((file) => path.join(folder, file));
  })
    .concat(JOBS, ENTRY)
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
      const message = argument && textOf(argument);
      if (message !== undefined) found.push({ text: message, file });
    }
    if (file === ENTRY && ts.isReturnStatement(node) && node.expression) {
      const message = textOf(node.expression);
      if (message !== undefined) found.push({ text: message, file });
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  visit(source);
  return found;
}

/** Returns `undefined` for a text that is composed elsewhere. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}
