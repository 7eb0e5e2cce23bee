import { type Caller, signUp } from '../signUp.js';
import type { FairnessPart } from './part.js';

const ENDLESS = '($f := function($n){$f($n + 1)}; $f(0))';

/** Calls whose request is transformed by JSONata: of the loud organization, 60 that never end. */
export const expressions: FairnessPart = {
  what: 'expressions',
  async prepare(stage) {
    const quiet = await integrate(await signUp(stage), '{"n": number}');
    const loud = await integrate(await signUp(stage), ENDLESS);
    return { quiet, quietEveryMs: 150, loud, loudAtOnce: 60 };
  },
};

async function integrate(caller: Caller, expression: string): Promise<() => Promise<unknown>> {
  const { connection } = (await caller.call('createConnection', {
    connector: 'sink',
    authMethod: 'key',
    name: 'bench',
    credential: { token: 'bench-key' },
  })) as { connection: { id: string } };
  const { integration } = (await caller.call('createIntegration', {
    name: 'bench',
    connector: 'sink',
    connectionId: connection.id,
    request: { kind: 'jsonata', expression },
  })) as { integration: { id: string } };
  let number = 0;
  return () =>
    caller.call('executeIntegration', {
      integrationId: integration.id,
      action: 'read',
      input: { number: (number += 1) },
    });
}
