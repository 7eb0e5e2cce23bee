// The demo's server, a process of its own as it would be for a customer. Tells its parent when it is ready, and stops when
// its parent has gone.
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
