import { StartRefused } from '../src/contract/index.js';
import { announce } from './start/announce.js';
import { canReachOwnReceiver, reopenReceiver, showFirstDelivery } from './start/firstDelivery.js';
import { launch } from './start/launch.js';
import { say, sayProblem } from './start/say.js';
import { prepareShutdown } from './start/shutdown.js';
import { StartProblem } from './start/startProblem.js';

const shutdown = prepareShutdown();
try {
  const launched = await launch(process.env, shutdown);
  const { allowedTargets, secrets } = launched;
  let hasNewDemo = false;
  if (secrets.demoReceiver !== undefined) await reopenReceiver(launched);
  else if (canReachOwnReceiver(allowedTargets)) hasNewDemo = await showFirstDelivery(launched);
  else
    say(
      'The first delivery is not shown: HUB_ALLOWED_TARGETS does not allow webhooks to 127.0.0.1.',
    );
  // Dashboard then counts the rows that the first delivery has written.
  if (hasNewDemo) await launched.counts?.refresh();
  announce({ launched, hasNewDemo });
} catch (error) {
  // A problem that the user can fix is one sentence. Anything else is a bug: its stack helps to find it.
  if (error instanceof StartProblem) sayProblem(error.message);
  // Parse Server has already printed a StartRefused.
  else if (!(error instanceof StartRefused)) sayProblem(String((error as Error).stack ?? error));
  await shutdown.exit(1);
}
