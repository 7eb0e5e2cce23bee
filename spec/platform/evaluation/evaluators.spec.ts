import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { createEvaluators } from '../../../src/platform/evaluation/index.js';

const ENDLESS = '($f := function($n){$f($n + 1)}; $f(0))';

describe('evaluators', () => {
  const evaluators = createEvaluators({ slots: 2, waitingMax: 3 });
  const jsonata = (organizationId: string, expression: string) =>
    evaluators.evaluate(organizationId, {
      program: 'jsonata',
      given: { expression, input: '{}' },
      timeoutMs: 60_000,
    });

  it('evaluate one organization’s expressions while another’s never end, refuse more of those, and end all when closed', async () => {
    // One runs, and three wait behind it.
    const endless = Array.from({ length: 4 }, () => jsonata('loud', ENDLESS).catch(() => 'ended'));
    await expect(jsonata('loud', ENDLESS)).rejects.toMatchObject({
      kind: 'EvaluationBusy',
      detail: { retryAfterSeconds: 5 },
    });
    for (let call = 0; call < 5; call += 1) expect(await jsonata('quiet', '1 + 1')).toBe('2');
    await evaluators.close();
    expect(await Promise.all(endless)).toEqual(Array.from({ length: 4 }, () => 'ended'));
  });
});

describe('an evaluation on a busy machine', () => {
  it('is not stopped for the time in which it has no processor', async () => {
    const children: ChildProcess[] = [];
    const onChild = (message: unknown) =>
      children.push((message as { process: ChildProcess }).process);
    subscribe('child_process', onChild);
    const evaluators = createEvaluators({ slots: 2 });
    const evaluate = (organizationId: string, expression: string, timeoutMs: number) => {
      const given = { expression, input: '{}' };
      return evaluators.evaluate(organizationId, { program: 'jsonata', given, timeoutMs });
    };
    const sum = () => evaluate('o', '1 + 1', 500);
    await sum();
    unsubscribe('child_process', onChild);
    expect(children).toHaveLength(1);
    children[0]?.kill('SIGSTOP');
    const result = sum();
    // Meanwhile another process works for longer than the stopped one may; only the limit by the clock, ten times that, could
    // end this.
    await expect(evaluate('other', ENDLESS, 1_000)).rejects.toThrow('longer than 1000 ms');
    children[0]?.kill('SIGCONT');
    expect(await result).toBe('2');
    await evaluators.close();
  });
});
