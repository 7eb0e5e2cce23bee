import { type Caller, signUp } from '../signUp.js';
import type { FairnessPart } from './part.js';

const ENDLESS = '($f := function($n){$f($n + 1)}; $f(0))';

/** Calls whose request is transformed by JSONata: of the loud organization, 60 that never end. */
export const expressions: FairnessPart = {
  what: 'expressions',
  async prepare(stage) {
    const quiet = await signUp(stage);
    const call = await integrate(quiet, '{"n": number}');
    const loud = await signUp(stage);
    const endless = await integrate(loud, ENDLESS);
    let number = 0;
    return {
      quiet: () => quiet.call('executeIntegration', { ...call, input: { number: (number += 1) } }),
      quietEveryMs: 150,
      loud: {
        headers: loud.headers,
        calls: [{ name: 'executeIntegration', params: { ...endless, input: { number: 1 } } }],
        atOnce: 60,
      },
    };
  },
};

/** Returns the parameters of a call through an integration with this transform. */
async function integrate(caller: Caller, expression: string): Promise<object> {
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
  return { integrationId: integration.id, action: 'read' };
}
