import { resolve } from 'node:path';

import { readEvents, SHIPPED_EVENTS } from './demo/events.js';
import { type Run, runDemo } from './demo/run.js';
import { DEMO_APP_ID, startDemoServer } from './demo/server.js';
import { formatTable, isAllRight } from './demo/table.js';
import { startUnreliableReceiver } from './demo/unreliableReceiver.js';
import { Parse } from './start/parseSdk.js';
import { paint, say, sayProblem } from './start/say.js';
import { StartProblem } from './start/startProblem.js';

let isInterrupted = false;

async function demo(path: string): Promise<boolean> {
  const events = await readEvents(path);
  say(`${String(events.length)} events from ${path}`);
  say('Starting a separate hub …');
  const server = await startDemoServer();
  const receiver = await startUnreliableReceiver();
  // The server receives Ctrl-C as well. Only its folder is left to remove.
  process.on('SIGINT', () => {
    isInterrupted = true;
    void server.stop().then(() => process.exit(130));
  });
  try {
    Parse.initialize(DEMO_APP_ID);
    Parse.serverURL = server.parseUrl;
    return report(await runDemo(events, receiver), receiver.tally.refused);
  } finally {
    await receiver.close();
    await server.stop();
  }
}

function report({ rows, tookMs }: Run, refused: number): boolean {
  const seconds = (tookMs / 1000).toFixed(1);
  say(`Done in ${seconds} s; the receiver refused ${String(refused)} attempts on purpose.`);
  say();
  for (const line of formatTable(rows)) say(`  ${line}`);
  say();
  const isRight = isAllRight(rows);
  if (isRight) {
    const tick = paint('green', '✓');
    say(`${tick} Every event was delivered. Every signature was verified with standardwebhooks.`);
  } else {
    sayProblem('An event was not delivered, or a signature was not verified: see the table.');
  }
  return isRight;
}

// npm runs this in the project's folder. INIT_CWD is the folder in which npm was called.
const given = process.argv[2];
const here = process.env['INIT_CWD'] ?? process.cwd();
try {
  process.exitCode = (await demo(given === undefined ? SHIPPED_EVENTS : resolve(here, given)))
    ? 0
    : 1;
} catch (error) {
  const text = error instanceof StartProblem ? error.message : String((error as Error).stack);
  if (!isInterrupted) sayProblem(text);
  process.exitCode = 1;
}
