import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { CustomerReport, CustomerTask } from './customer.js';
import type { Launched } from './launch.js';
import { type Receiver, startReceiver } from './receiver.js';
import { paint, say } from './say.js';
import { saveSecrets } from './secrets.js';
import type { Shutdown } from './shutdown.js';
import { ownParseUrl } from './urls.js';

/** Whether the demo's receiver, which listens on this machine, is one that webhooks may reach. */
export function canReachOwnReceiver(allowedTargets: string): boolean {
  return /(^|,)\s*127\.0\.0\.(1|0\/8)\s*(,|$)/.test(allowedTargets);
}

/**
 * Shows on an empty database that the product does its job: a customer in a thread of his own signs up, makes an
 * organisation and a webhook, and publishes an event; a receiver in this process gets it and verifies its signature.
 * Answers whether there was anything to show. The receiver stays, and comes back with later starts.
 */
export async function showFirstDelivery(launched: Launched, shutdown: Shutdown): Promise<boolean> {
  const { settings, secrets, dataFolder } = launched;
  let secret: string | undefined;
  const verified = new Set<string>();
  const receiver = await openReceiver(shutdown, {
    secretOf: () => secret,
    receive: ({ id, isVerified }) => {
      if (isVerified) verified.add(id);
      return 200;
    },
  });
  const task: CustomerTask = {
    parseUrl: ownParseUrl(settings),
    appId: settings.APP_ID,
    masterKey: settings.MASTER_KEY ?? secrets.masterKey,
    prefix: settings.HUB_FUNCTION_PREFIX ?? '',
    username: 'demo',
    password: secrets.demoPassword,
    receiverUrl: `http://127.0.0.1:${String(receiver.port)}/`,
  };
  const customer = new Worker(new URL('./customer.ts', import.meta.url), { workerData: task });
  // A thread that dies of an error is an 'error' event, which `once` turns into a rejection of the next report.
  const next = async () => (await once(customer, 'message')) as [CustomerReport];
  try {
    for (;;) {
      const [report] = await next();
      if (report.step === 'nothing to do') return false;
      if (report.step === 'created') {
        secret = report.secret;
        const { organizationId } = report;
        const demoReceiver = { port: receiver.port, secret: report.secret, organizationId };
        await saveSecrets(dataFolder, { ...secrets, demoReceiver });
        customer.postMessage('publish');
      }
      tell(report, { task, verified });
      if (report.step === 'delivered' || report.step === 'failed') return true;
    }
  } finally {
    await customer.terminate();
  }
}

/** The receiver of an earlier first start, so that what is published to the demo organisation still arrives. */
export async function reopenReceiver({ secrets }: Launched, shutdown: Shutdown): Promise<void> {
  const { demoReceiver } = secrets;
  if (demoReceiver === undefined) return;
  try {
    await openReceiver(shutdown, {
      port: demoReceiver.port,
      secretOf: () => demoReceiver.secret,
      receive: ({ isVerified, type = '' }) => {
        if (isVerified) say(`${paint('green', '✓')} received ${type}, signature verified`);
        return 200;
      },
    });
  } catch {
    say(`The demo's receiver cannot listen on port ${String(demoReceiver.port)}: its deliveries will fail.`);
  }
}
