import type { AnyFunction, ClassSpec, JobSpec } from '../../src/contract/index.js';
import { GRANTS, PERMISSIONS, ROLES } from '../../src/contract/index.js';
import {
  commonErrorDescriptions,
  describeFunctions,
  type ErrorDescription,
  type FunctionDescription,
  rolesWith,
} from '../../src/reference/description.js';
import type { JsonSchema } from '../../src/reference/jsonSchema.js';
import { fieldRows } from './fieldRows.js';
import { block, code, link, prose, shellWord, table, titleOf } from './markdown.js';

export interface ReferenceOptions {
  readonly manifest: readonly AnyFunction[];
  readonly jobs: readonly Pick<JobSpec<never>, 'name' | 'summary' | 'cron'>[];
  readonly schemas: readonly ClassSpec[];
}

/** Returns the text of cloud/REFERENCE.md: all functions, jobs and classes as declared. The same input gives the same text. */
export function referencePage({ manifest, jobs, schemas }: ReferenceOptions): string {
  const functions = describeFunctions(manifest);
  const domains = [...new Set(functions.map(({ domain }) => domain))];
  const inDomain = (domain: string) => functions.filter((each) => each.domain === domain);
  const sections = [
    '# Reference',
    'Generated from the declarations by `npm run docs`. Do not edit.',
    contents(domains.map((domain) => [titleOf(domain), inDomain(domain).map(({ name }) => name)])),
    ...calling(),
    ...domains.flatMap((domain) => [
      `## ${titleOf(domain)}`,
      ...inDomain(domain).flatMap(functionSections),
    ]),
    '## Jobs',
    'Parse jobs: on the Jobs page of Parse Dashboard, or `POST /jobs/{name}` with the master key. Times are UTC.',
    table(
      ['Job', 'What it does', 'Started by the hub'],
      jobs.map(({ name, summary, cron }) => [
        code(name),
        prose(summary),
        cron === undefined ? 'no' : code(cron),
      ]),
    ),
    '## Classes',
    'Clients cannot write these classes through Parse: they call the functions above. Hidden fields can be read with the master key only.',
    ...schemas.flatMap(classSections),
  ];
  return `${sections.join('\n\n')}\n`;
}

function contents(groups: readonly (readonly [string, readonly string[]])[]): string {
  const lines = groups.map(([title, names]) => `- ${link(title)}: ${names.map(link).join(', ')}`);
  return [
    `- ${link('Calling')}`,
    `- ${link('Permissions')}`,
    `- ${link('Common errors')}`,
    ...lines,
    `- ${link('Jobs')}`,
    `- ${link('Classes')}`,
  ].join('\n');
}

const ERROR_HEAD = ['Number', 'Name', 'HTTP', 'Message'];

function calling(): string[] {
  return [
    '## Calling',
    'With the Parse SDK, typed:',
    block(
      'ts',
      [
        "import { createHubClient } from 'parse-integration-hub/client';",
        "import Parse from 'parse'; // in Node: 'parse/node'",
        '',
        'const hub = createHubClient(Parse);',
      ].join('\n'),
    ),
    [
      'Or with any HTTP client: `POST {server URL}/functions/{name}`, parameters as a JSON object. The response is `{ "result": … }`.',
      'A failed call returns `{ "code": …, "error": "…" }`: the number is stable, the sentence may be reworded. Parse Server sends',
      'errors with HTTP 400, number 101 with 404 and number 1 with 500, so distinguish them by number. Unknown parameters are refused.',
      'An API key or access token that does not work is refused with HTTP 401. Your server may have put a prefix before all names.',
    ].join('\n'),
    '## Permissions',
    'What each role of an organization may do; the master key may do everything.',
    table(
      ['Permission', ...ROLES],
      PERMISSIONS.map((permission) => [
        code(permission),
        ...ROLES.map((role) => (GRANTS[role].includes(permission) ? 'yes' : '')),
      ]),
    ),
    '## Common errors',
    'Errors that functions can return besides their own. Each function names the ones that can occur in it.',
    table(ERROR_HEAD, errorRows(commonErrorDescriptions())),
  ];
}

function functionSections(each: FunctionDescription): string[] {
  const own = errorRows(each.errors);
  return [
    `### ${each.name}`,
    prose(each.summary),
    `Who may call it: ${callers(each)}`,
    ...fields('Parameters', each.params, { of: 'parameter', always: 'required' }),
    ...fields('Result', each.result, { of: 'field', always: 'always present' }),
    '**Errors**',
    ...(own.length > 0 ? [table(ERROR_HEAD, own)] : []),
    `Common errors: ${each.commonErrors.map(({ name, code: number }) => `${name} (${String(number)})`).join(', ')}.`,
    '**Example**',
    block('ts', `await hub.${each.name}(${literal(each.example.params)});`),
    block('sh', curl(each)),
    block('json', JSON.stringify({ result: each.example.result }, undefined, 2)),
  ];
}

function callers({ access, reads }: FunctionDescription): string {
  const readOnly = reads ? ', or the master key, also the read-only one.' : ', or the master key.';
  switch (access.kind) {
    case 'permission':
      return `members of the organization with ${code(access.permission)} (${rolesWith(access.permission).join(', ')})${readOnly}`;
    case 'user':
      return `any signed-in user${readOnly}`;
    case 'master':
      return reads ? 'the master key, also the read-only one.' : 'the master key.';
  }
}

function fields(title: string, schema: JsonSchema, head: { of: string; always: string }): string[] {
  const rows = fieldRows(schema).map((row) => [
    code(row.path),
    row.type,
    row.required,
    row.default === undefined ? '' : code(JSON.stringify(row.default)),
    prose(row.description),
  ]);
  if (rows.length === 0) return [`**${title}**: none.`];
  return [
    `**${title}**`,
    table([titleOf(head.of), 'Type', titleOf(head.always), 'Default', 'Description'], rows),
  ];
}

function errorRows(errors: readonly ErrorDescription[]): string[][] {
  return errors.map(({ name, code: number, httpStatus, sentence }) => [
    String(number),
    name,
    String(httpStatus),
    prose(sentence),
  ]);
}

function literal(params: unknown): string {
  const text = JSON.stringify(params, undefined, 2).replaceAll(
    /^(\s*)"([A-Za-z_]\w*)":/gm,
    '$1$2:',
  );
  return text === '{}' ? '' : text;
}

function curl({ name, access, example }: FunctionDescription): string {
  const who =
    access.kind === 'master'
      ? '"X-Parse-Master-Key: $MASTER_KEY"'
      : '"X-Parse-Session-Token: $SESSION_TOKEN"';
  return [
    `curl "$SERVER_URL/functions/${name}"`,
    '-H "X-Parse-Application-Id: $APP_ID"',
    `-H ${who}`,
    "-H 'Content-Type: application/json'",
    `-d ${shellWord(JSON.stringify(example.params))}`,
  ].join(' \\\n  ');
}

function classSections(spec: ClassSpec): string[] {
  const hidden = new Set(spec.hidden ?? []);
  const readers = {
    acl: 'Readable through Parse by the roles in the ACL of each row: those of its organization.',
    masterKey: 'Readable through Parse with the master key only.',
  }[spec.read];
  const rows = Object.entries(spec.fields).map(([name, field]) => [
    code(name),
    field.targetClass === undefined ? field.type : `${field.type} to ${field.targetClass}`,
    field.required ? 'yes' : 'no',
    hidden.has(name) ? 'yes' : '',
    prose(field.summary ?? ''),
  ]);
  return [
    `### ${spec.name}`,
    prose(spec.summary),
    readers,
    table(['Field', 'Type', 'Required', 'Hidden', 'Description'], rows),
  ];
}
