import { signUp } from '../signUp.js';
import type { Stage } from '../stage.js';
import type { FairnessPart } from './part.js';

const ENTRIES = 1_000;

/** Calls of one row: beside 300 verifications of an audit log with 1,000 entries. */
export const verification: FairnessPart = {
  what: 'verification',
  async prepare(stage) {
    const quiet = await signUp(stage);
    const loud = await signUp(stage);
    await fillAuditLog(stage, loud.organizationId);
    return {
      quiet: () => quiet.call('getWebhooks', {}),
      quietEveryMs: 100,
      loud: { headers: loud.headers, calls: [{ name: 'verifyAuditLog', params: {} }], atOnce: 300 },
    };
  },
};

async function fillAuditLog({ app }: Stage, organizationId: string): Promise<void> {
  const { audit } = app.services;
  const entry = {
    organizationId,
    function: 'updateWebhook',
    actor: 'user',
    outcome: 'ok',
    rows: { webhookId: '0mhc6xwzk3v9q2t8r4ynb1pde' },
    params: { name: '(8 characters)', url: '(24 characters)' },
    requestId: 'req_of_the_benchmark',
  } as const;
  for (let left = ENTRIES; left > 0; left -= 500) {
    await Promise.all(Array.from({ length: 500 }, () => audit.record(entry)));
  }
}
