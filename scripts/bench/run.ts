// npm run bench -- NAME [--engine postgres|mongodb] [--rounds 3]: measures, prints a table and one line of JSON.
import { parseArgs } from 'node:util';

import { say } from '../start/say.js';
import { deliver } from './deliver.js';
import { describeMachine } from './machine.js';
import { publish } from './publish.js';

const BENCHES = { deliver, publish } as const;
const ENGINES = ['postgres', 'mongodb'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'postgres' },
    rounds: { type: 'string', default: '3' },
  },
});
const name = positionals[0] as keyof typeof BENCHES;
const engine = ENGINES.find((known) => known === values.engine);
const rounds = Number(values.rounds);

if (!Object.hasOwn(BENCHES, name) || engine === undefined || !(rounds >= 1)) {
  say('npm run bench -- deliver|publish [--engine postgres|mongodb] [--rounds 3]');
  process.exit(2);
}

// Without this Parse Server writes its log into ./logs from the moment it is loaded.
process.env['PARSE_SERVER_LOGS_FOLDER'] ??= 'null';
const { openStage } = await import('./stage.js');
const machine = describeMachine();
say(`${name} on ${engine}: ${machine}`);
const stage = await openStage(engine);
try {
  const results = await BENCHES[name](stage, rounds);
  say(JSON.stringify({ bench: name, engine, machine, rounds, results }));
} finally {
  await stage.close();
}
process.exit(0);
