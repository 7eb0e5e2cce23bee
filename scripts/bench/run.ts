// npm run bench -- NAME [--engine postgres|mongodb] [--rounds 3]: measures, prints a table and one line of JSON.
import { parseArgs } from 'node:util';

import { say } from '../start/say.js';
import { deliver } from './deliver.js';
import { execute } from './execute.js';
import { fairness } from './fairness.js';
import { keys } from './keys.js';
import { describeMachine } from './machine.js';
import { oauth } from './oauth.js';
import { publish } from './publish.js';
import type { Stage } from './stage.js';
import { templates } from './templates.js';
import { vault } from './vault.js';

/** Benchmarks that need a Parse Server with the hub on a database. */
const ON_STAGE = { deliver, publish, execute, keys, oauth, fairness } as const;
const ALONE = { vault, templates } as const;
const ENGINES = ['postgres', 'mongodb'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'postgres' },
    rounds: { type: 'string', default: '3' },
  },
});
const name = positionals[0] ?? '';
const engine = ENGINES.find((known) => known === values.engine);
const rounds = Number(values.rounds);

const isOnStage = Object.hasOwn(ON_STAGE, name);
if (!(isOnStage || Object.hasOwn(ALONE, name)) || engine === undefined || !(rounds >= 1)) {
  say(
    'Usage: npm run bench -- deliver|publish|execute|keys|oauth|fairness|vault|templates [--engine postgres|mongodb] [--rounds 3]',
  );
  process.exit(2);
}

// Otherwise Parse Server writes its log to ./logs as soon as it is loaded.
process.env['PARSE_SERVER_LOGS_FOLDER'] ??= 'null';
const machine = describeMachine();
say(isOnStage ? `${name} on ${engine}: ${machine}` : `${name}: ${machine}`);
const results = isOnStage
  ? await onStage(engine, ON_STAGE[name as keyof typeof ON_STAGE])
  : await ALONE[name as keyof typeof ALONE](rounds);
say(JSON.stringify({ bench: name, ...(isOnStage && { engine }), machine, rounds, results }));
process.exit(0);

async function onStage(
  on: (typeof ENGINES)[number],
  bench: (stage: Stage, rounds: number, part?: string) => Promise<unknown>,
): Promise<unknown> {
  const { openStage } = await import('./stage.js');
  const stage = await openStage(on);
  try {
    return await bench(stage, rounds, positionals[1]);
  } finally {
    await stage.close();
  }
}
