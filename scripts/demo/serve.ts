// The demo's server, in a separate process, as it is for a customer. Notifies its parent when it is ready, and stops when its
// parent ends.
import { launch } from '../start/launch.js';
import { sayProblem } from '../start/say.js';
import { prepareShutdown } from '../start/shutdown.js';
import { StartProblem } from '../start/startProblem.js';

const shutdown = prepareShutdown();
process.once('disconnect', () => void shutdown.exit(0));
try {
  await launch(process.env, shutdown);
  process.send?.('ready');
} catch (error) {
  sayProblem(error instanceof StartProblem ? error.message : String((error as Error).stack));
  await shutdown.exit(1);
}
