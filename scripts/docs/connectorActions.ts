import type { z } from 'zod';

import type { AnyAction, Pagination } from '../../src/contract/index.js';
import { jsonSchemaOf } from '../../src/reference/jsonSchema.js';
import { folded } from './connectorAuthMethods.js';
import { fieldRows } from './fieldRows.js';
import { code, prose, table } from './markdown.js';

/** Returns the table of a connector's actions, followed by the input and output of each. */
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

/** A list within the list means that any one of them is enough. */
function scopesOf({ scopes = [] }: AnyAction): string {
  return scopes
    .map((scope) => (typeof scope === 'string' ? code(scope) : scope.map(code).join(' or ')))
    .join(', ');
}

function actionFields({ input, output, stream }: AnyAction): string[] {
  const gives = stream ? 'Output of each event' : 'Output';
  return [
    ...fields('Input', input as z.ZodType, 'input'),
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
    return [`${title}: ${io === 'input' ? 'none' : 'the response of the service'}.`];
  const always = io === 'input' ? 'Required' : 'Always present';
  return [`${title}:`, table(['Field', 'Type', always, 'Default', 'Description'], rows)];
}
