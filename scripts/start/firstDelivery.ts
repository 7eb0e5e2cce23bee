import { fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { CustomerReport, CustomerTask } from './customer.js';
import type { Launched } from './launch.js';
import { startReceiver } from './receiver.js';
import { paint, say, sayProblem } from './say.js';
import { saveSecrets } from './secrets.js';
import { ownParseUrl } from './urls.js';

/** The user who owns the demo organization. The password is one of the generated secrets. */
export const DEMO_USER = 'demo';

/** Returns whether webhooks may be sent to the demo's receiver, which listens on this machine. */
export function canReachOwnReceiver(allowedTargets: string): boolean {
  return /(^|,)\s*127\.0\.0\.(1|0\/8)\s*(,|$)/.test(allowedTargets);
}

/**
 * Shows a first delivery on an empty database: a customer in a separate process signs up, creates an organization and a webhook,
 * and publishes an event. A receiver in this process receives it and verifies its signature. Returns whether the delivery was
 * shown. The receiver stays open until the process ends.
 */
export async function showFirstDelivery({
  settings,
  secrets,
  dataFolder,
}: Launched): Promise<boolean> {
  const verified = new Set<string>();
  let secret: string | undefined;
  const receiver = await startReceiver({
    secretOf: () => secret,
    receive: ({ id }) => {
      if (secret !== undefined) verified.add(id);
      return 200;
    },
  });
  const task: CustomerTask = {
    parseUrl: ownParseUrl(settings),
    appId: settings.APP_ID,
    masterKey: settings.MASTER_KEY ?? secrets.masterKey,
    prefix: settings.HUB_FUNCTION_PREFIX ?? '',
    username: DEMO_USER,
    password: secrets.demoPassword,
    receiverUrl: `http://127.0.0.1:${String(receiver.port)}/`,
  };
  const script = fileURLToPath(new URL('./customer.ts', import.meta.url));
  const customer = fork(script, { execArgv: ['--import', 'tsx'] });
  const gone = new AbortController();
  customer.once('exit', () => {
    gone.abort();
  });
  try {
    customer.send(task);
    const reports = on(customer, 'message', { signal: gone.signal });
    for await (const [report] of reports as AsyncIterable<[CustomerReport]>) {
      if (report.step === 'created') {
        secret = report.secret;
        const { organizationId } = report;
        const demoReceiver = { port: receiver.port, secret, organizationId };
        await saveSecrets(dataFolder, { ...secrets, demoReceiver });
        customer.send('publish');
      }
      printReport(report, { task, verified });
      if (report.step === 'delivered' || report.step === 'failed') return true;
      if (report.step === 'nothing to do') break;
    }
    await receiver.close();
    return false;
  } finally {
    customer.kill();
  }
}

function printReport(
  report: CustomerReport,
  { task, verified }: { task: CustomerTask; verified: Set<string> },
): void {
  const line = (step: string, text: string) => {
    say(`${paint('green', '✓')} ${step.padEnd(10)} ${text}`);
  };
  if (report.step === 'created') {
    line('created', `user "${task.username}", organization "Demo" (${report.organizationId})`);
    line(
      'created',
      `webhook "Demo receiver" for demo.* to ${task.receiverUrl}, a receiver in this process`,
    );
  } else if (report.step === 'published') {
    line('published', `demo.greeted, event ${report.eventId}`);
  } else if (report.step === 'delivered') {
    line(
      'delivered',
      `on attempt ${String(report.attempts)}, ${String(report.tookMs)} ms after it was published`,
    );
    if (verified.has(report.eventId))
      line('verified', 'the signature, with the standardwebhooks package');
    else sayProblem('The signature was not verified: please report this.');
  } else if (report.step === 'failed') {
    sayProblem(`The first delivery did not succeed: ${report.problem}`);
  }
}

/** Starts the receiver of the first start again, so that events of the demo organization still arrive. */
export async function reopenReceiver({ secrets }: Launched): Promise<void> {
  const { demoReceiver } = secrets;
  if (demoReceiver === undefined) return;
  try {
    await startReceiver({
      port: demoReceiver.port,
      secretOf: () => demoReceiver.secret,
      receive: ({ isVerified, type = '' }) => {
        if (isVerified) say(`${paint('green', '✓')} received   ${type}, signature verified`);
        return 200;
      },
    });
  } catch {
    sayProblem(
      `The demo's receiver cannot listen on port ${String(demoReceiver.port)}: deliveries to it fail.`,
    );
  }
}
