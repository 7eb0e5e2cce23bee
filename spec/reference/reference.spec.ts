import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';

import { z } from 'zod';

import { schemas } from '../../schemas/index.js';
import { fieldRows } from '../../scripts/docs/fieldRows.js';
import { prose, shellWord, table, titleOf } from '../../scripts/docs/markdown.js';
import { referencePage } from '../../scripts/docs/reference.js';
import { defineClass, number, pointer, text } from '../../src/contract/index.js';
import { jsonSchemaOf } from '../../src/reference/jsonSchema.js';
import { sampleManifest } from '../support/sampleManifest.js';

const jobs = [
  { name: 'waterTrees', summary: 'Waters what is dry.', cron: '*/5 * * * *' },
  { name: 'countTrees', summary: 'Counts the trees.' },
];

const Tree = defineClass({
  name: 'Tree',
  summary: 'Grows in wood_<id>.',
  fields: {
    wood: pointer('Wood')(),
    meters: number.optional('How tall.'),
    place: text('Where | exactly.'),
  },
  hidden: ['place'],
  read: 'acl',
});

const page = referencePage({ manifest: sampleManifest, jobs, schemas: [Tree] });

/** The text between a heading and the next one of its level. */
function under(heading: string): string {
  const level = heading.slice(0, heading.indexOf(' ') + 1);
  const [, after = ''] = page.split(`\n${heading}\n`);
  return after.split(`\n${level}`)[0] ?? '';
}

describe('referencePage', () => {
  it('has a section for each function, under the domain of its permission or of its neighbor', () => {
    const namesUnder = (heading: string) =>
      [...under(heading).matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(namesUnder('## Webhooks')).toEqual(['registerForester', 'plantTree', 'getTrees']);
    expect(namesUnder('## Operations')).toEqual(['fellTree']);
    expect(page).toContain(
      '- [Webhooks](#webhooks): [registerForester](#registerforester), [plantTree](#planttree), [getTrees](#gettrees)\n- [Operations](#operations): [fellTree](#felltree)',
    );
  });

  it('links to headings that are there', () => {
    const anchors = new Set(
      [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title.toLowerCase().replaceAll(' ', '-'),
      ),
    );
    const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(sampleManifest.length);
    expect(targets.filter((target) => !anchors.has(target))).toEqual([]);
  });

  it('shows who may call', () => {
    const callers = sampleManifest.map(
      ({ name }) => /^Who may call it: (.+)$/m.exec(under(`### ${name}`))?.[1],
    );
    expect(callers).toEqual([
      'any signed-in user, or the master key.',
      'members of the organization with `webhooks:write` (owner, admin, developer), or the master key.',
      'members of the organization with `webhooks:read` (owner, admin, developer, viewer), or the master key, also the read-only one.',
      'the master key.',
    ]);
  });

  it('shows parameters, results and errors', () => {
    const section = under('### plantTree');
    expect(section).toContain('| `kind` | "oak" \\| "fir" | no | `"oak"` | What grows. |');
    expect(section).toContain(
      '| `note` | string, 1 to 200 characters | no |  | First line. Second \\| line. |',
    );
    expect(section).toContain('| `tree.branches[].name` | string | yes |  |');
    expect(section).toContain('| 7901 | TreeTooTall | 400 | A tree has at most {meters} meters. |');
    expect(section).toContain('Common errors: Internal (1), InvalidParameters (7001),');
    expect(under('### fellTree')).toContain(
      '| 101 | TreeNotFound | 404 | There is no such tree. |',
    );
    expect(under('### fellTree')).toContain('**Result**: none.');
  });

  it('shows each example as a call, as a request and as its response', () => {
    const section = under('### plantTree');
    const [, call = ''] = /```ts\nawait hub\.plantTree\(([^]*?)\);\n```/.exec(section) ?? [];
    expect(runInNewContext(`(${call})`)).toEqual(sampleManifest[1].example.params);
    const [, response = ''] = /```json\n([^]*?)\n```/.exec(section) ?? [];
    expect(JSON.parse(response)).toEqual({ result: sampleManifest[1].example.result });
  });

  it('gives a curl command that a shell reads as it is meant', () => {
    const [, command = ''] = /```sh\n([^]*?)\n```/.exec(under('### plantTree')) ?? [];
    const script = `curl() { for word; do printf '%s\\0' "$word"; done; }\n${command}`;
    const env = {
      SERVER_URL: 'http://localhost:1337/parse',
      APP_ID: 'trees',
      SESSION_TOKEN: 'r:1',
    };
    const words = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).split('\0');
    expect(words.slice(0, -2)).toEqual([
      'http://localhost:1337/parse/functions/plantTree',
      ...['-H', 'X-Parse-Application-Id: trees'],
      ...['-H', 'X-Parse-Session-Token: r:1'],
      ...['-H', 'Content-Type: application/json'],
      '-d',
    ]);
    expect(JSON.parse(words.at(-2) ?? '')).toEqual(sampleManifest[1].example.params);
  });

  it('lists jobs with their times', () => {
    expect(under('## Jobs')).toContain('| `waterTrees` | Waters what is dry. | `*/5 * * * *` |');
    expect(under('## Jobs')).toContain('| `countTrees` | Counts the trees. | no |');
  });

  it('lists classes with their fields, hidden fields and readers', () => {
    const section = under('### Tree');
    expect(section).toContain('Grows in wood_\\<id>.');
    expect(section).toContain('by the roles in the ACL of each row');
    expect(section).toContain('| `wood` | Pointer to Wood | yes |  |  |');
    expect(section).toContain('| `meters` | Number | no |  | How tall. |');
    expect(section).toContain('| `place` | String | yes | yes | Where \\| exactly. |');
    const all = referencePage({ manifest: [], jobs: [], schemas });
    expect([...all.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)).toEqual(
      schemas.map(({ name }) => name),
    );
  });

  it('is the same for the same declarations', () => {
    expect(referencePage({ manifest: sampleManifest, jobs, schemas: [Tree] })).toBe(page);
  });
});

describe('fieldRows', () => {
  const rowsOf = (schema: z.ZodObject) => fieldRows(jsonSchemaOf(schema, 'input'));
  const typeOf = (schema: z.ZodType) => rowsOf(z.strictObject({ field: schema }))[0]?.type;

  it.each([
    ['string', z.string()],
    ['string, at most 5 characters', z.string().max(5)],
    ['string, at least 5 characters', z.string().min(5)],
    ['string (URL)', z.url()],
    ['string (ISO 8601)', z.iso.datetime()],
    ['string (email)', z.email()],
    ['integer', z.number().int()],
    ['integer, 1 to 5', z.number().int().min(1).max(5)],
    ['number, at most 2.5', z.number().max(2.5)],
    ['boolean', z.boolean()],
    ['string | null', z.string().nullable()],
    ['"a"', z.literal('a')],
    ['"a" | "b"', z.enum(['a', 'b'])],
    ['string | number', z.union([z.string(), z.number()])],
    ['array of string', z.array(z.string())],
    ['array of 1 to 3: integer, at most 9', z.array(z.number().int().max(9)).min(1).max(3)],
    ['object', z.record(z.string(), z.number())],
    ['any JSON', z.unknown()],
    ['any JSON', z.json()],
  ])('reads as %s', (type, schema) => {
    expect(typeOf(schema)).toBe(type);
  });

  it('puts inner fields below the outer one, those of several forms once', () => {
    const either = z.union([
      z.strictObject({ by: z.literal('rain') }),
      z.strictObject({ by: z.literal('hand'), days: z.number() }),
    ]);
    const rows = rowsOf(
      z.strictObject({ list: z.array(z.strictObject({ care: either.optional() })) }),
    );
    expect(rows.map(({ path, required }) => `${path} ${required}`)).toEqual([
      'list yes',
      'list[].care no',
      'list[].care.by yes',
      'list[].care.days varies',
    ]);
  });

  it('describes a field as each form describes it', () => {
    const either = z.union([
      z.strictObject({
        by: z.literal('rain').describe('Wait.'),
        days: z.number().describe('How long.'),
      }),
      z.strictObject({
        by: z.literal('hand').describe('Work.'),
        days: z.number().describe('How long.'),
      }),
    ]);
    const rows = rowsOf(z.strictObject({ care: either }));
    expect(rows.map(({ description }) => description)).toEqual([
      '',
      '"rain": Wait. "hand": Work.',
      'How long.',
    ]);
  });

  it('writes out once a schema that contains itself', () => {
    const branch: z.ZodType = z.lazy(() =>
      z.strictObject({ name: z.string(), branches: z.array(branch) }),
    );
    expect(rowsOf(z.strictObject({ trunk: branch })).map(({ path }) => path)).toEqual([
      'trunk',
      'trunk.name',
      'trunk.branches',
    ]);
  });
});

describe('markdown', () => {
  it('omits columns without a value', () => {
    expect(table(['a', 'b', 'c'], [['1', '', '3'], ['4']])).toBe(
      '| a | c |\n| --- | --- |\n| 1 | 3 |\n| 4 |  |',
    );
  });

  it('keeps what looks like HTML as text, and code as it is', () => {
    expect(prose('org_<id> is `org_<id>`')).toBe('org_\\<id> is `org_<id>`');
  });

  it('makes headings of names', () => {
    expect(titleOf('eventTypes')).toBe('Event types');
    expect(titleOf('apiKeys')).toBe('API keys');
    expect(titleOf('oauthApps')).toBe('OAuth apps');
  });

  it('quotes for a shell', () => {
    expect(shellWord("it's $HOME")).toBe("'it'\\''s $HOME'");
  });
});
