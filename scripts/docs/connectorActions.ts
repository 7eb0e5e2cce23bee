import type { z } from 'zod';

import type { AnyAction, Pagination } from '../../src/contract/index.js';
import { jsonSchemaOf } from '../../src/reference/jsonSchema.js';
import { folded } from './connectorAuthMethods.js';
import { fieldRows } from './fieldRows.js';
import { code, prose, table } from './markdown.js';

/** What a connector can do: a table, and below it what each action takes and gives. */
export function actionSections(actions: readonly AnyAction[]): string[] {
  return [
    '**Actions**',
    table(
      ['Action', 'Risk', 'Idempotent', 'Scopes', 'Pages', 'What it does'],
      actions.map((action) => [
        code(action.name),
        action.risk,
        idempotence(action),
        scopesOf(action),
        action.pages === undefined ? '' : PAGES[action.pages.kind],
        `${prose(action.summary)} ([docs](${action.docs}))`,
      ]),
    ),
    ...actions.flatMap((action) => folded(`${action.name}: fields`, ...actionFields(action))),
  ];
}

const PAGES: Readonly<Record<Pagination['kind'], string>> = {
  cursor: 'by cursor',
  lastId: 'after the last id',
  link: 'by the link to the next',
  offset: 'by offset',
  page: 'by number',
};

function idempotence({ idempotent, risk }: AnyAction): string {
  if (typeof idempotent === 'object') {
    return `by ${code('header' in idempotent ? idempotent.header : idempotent.member)}`;
  }
  return (idempotent ?? risk === 'read') ? 'yes' : 'no';
}

/** Of a list in the list any one will do. */
function scopesOf({ scopes = [] }: AnyAction): string {
  return scopes
    .map((scope) => (typeof scope === 'string' ? code(scope) : scope.map(code).join(' or ')))
    .join(', ');
}

function actionFields({ input, output, stream }: AnyAction): string[] {
  const gives = stream ? 'Each event gives' : 'Gives';
  return [
    ...fields('Takes', input as z.ZodType, 'input'),
    ...fields(gives, output as z.ZodType, 'output'),
  ];
}

function fields(title: string, type: z.ZodType, io: 'input' | 'output'): string[] {
  const rows = fieldRows(jsonSchemaOf(type, io)).map((row) => [
    code(row.path),
    row.type,
    row.required,
    row.default === undefined ? '' : code(JSON.stringify(row.default)),
    prose(row.description),
  ]);
  if (rows.length === 0)
    return [`${title}: ${io === 'input' ? 'nothing' : 'what the service answers'}.`];
  const always = io === 'input' ? 'Required' : 'Always there';
  return [`${title}:`, table(['Field', 'Type', always, 'Default', 'Description'], rows)];
}
