// npm run connect -- slack: connects a service from the terminal, on a running hub. See connect/arguments.ts.
import type { HubConnection } from '../client.js';
import { type Arguments, readArguments, USAGE, WrongUsage } from './connect/arguments.js';
import { connect } from './connect/connect.js';
import { describeFailure, openHub } from './connect/hub.js';
import { Interrupted, openTerminal } from './connect/terminal.js';
import { readSettings } from './start/readSettings.js';
import { paint, say, sayProblem } from './start/say.js';
import { StartProblem } from './start/startProblem.js';

async function run(given: Arguments): Promise<void> {
  const settings = readSettings(process.env);
  const hub = await openHub(settings);
  const terminal = openTerminal({ input: process.stdin, output: process.stdout });
  try {
    report(await connect({ hub, terminal, given }));
  } catch (error) {
    throw describeFailure(error, settings);
  } finally {
    terminal.close();
  }
}

function report({ id, identity, grantedScopes, state, testProblem }: HubConnection): void {
  if (state !== 'connected') {
    throw new StartProblem(`The service did not accept the credential: ${testProblem ?? state}`);
  }
  const whose = identity && `${identity.name ?? identity.id} (${identity.id})`;
  say(`${paint('green', '✓')} connected${whose === undefined ? '' : ` as ${whose}`}`);
  if (grantedScopes) say(`  granted: ${grantedScopes.join(', ')}`);
  say(`  connection: ${id}`);
}

/** Prints the problem and returns the exit code for it. */
function exitCodeOf(error: unknown): number {
  if (error instanceof WrongUsage) {
    sayProblem(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (error instanceof Interrupted) return 130;
  // A problem that the user can fix is one sentence. Anything else is a bug: its stack helps to find it.
  sayProblem(error instanceof StartProblem ? error.message : String((error as Error).stack));
  return 1;
}

try {
  const given = readArguments(process.argv.slice(2));
  if (given.help) say(USAGE);
  else await run(given);
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
