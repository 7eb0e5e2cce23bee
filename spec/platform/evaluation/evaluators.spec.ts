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
