import { createExpressions, ExpressionFailed } from '../../src/executions/transform/jsonata.js';
import { createEvaluators } from '../../src/platform/evaluation/index.js';

const evaluators = createEvaluators();
const expressionsOf = (organizationId: string, timeoutMs?: number) => {
  const expressions = createExpressions(evaluators, timeoutMs);
  return {
    evaluate: (expression: string, input: unknown) =>
      expressions.evaluate(organizationId, expression, input),
  };
};
const expressions = expressionsOf('acme');
/** For expressions that fail by their memory or result: on a busy machine that can take longer than a second. */
const patient = expressionsOf('patient', 60_000);
afterAll(() => evaluators.close());

describe('JSONata', () => {
  it.each([
    ['a.b', { a: { b: 1 } }, 1],
    ['$sum(items.price)', { items: [{ price: 1 }, { price: 2.5 }] }, 3.5],
    [
      '{"to": email, "n": $count(items)}',
      { email: 'a@b.example', items: [1, 2] },
      { to: 'a@b.example', n: 2 },
    ],
    ['nothing.there', {}, undefined],
  ])('%s', async (expression, input, expected) => {
    expect(await expressions.evaluate(expression, input)).toEqual(expected);
  });

  it.each([
    ['a.(', /\(at \d+\)$/],
    ['$error("no")', /no/],
    // Loops forever.
    ['($f := function($n){$f($n + 1)}; $f(0))', /takes longer/],
    // Takes all memory.
    ['($g := function($s){$g($s & $s)}; $g("aaaaaaaaaaaaaaaa"))', /./],
    ['($f := function($x){$f($append($x, $x))}; $f([1..1000]))', /it takes/],
    // A pattern that backtracks for years: no check inside the thread can end it.
    ['$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", /^(a+)+$/)', /takes longer/],
  ])('%s fails with a message', async (expression, expectedMessage) => {
    const failure: unknown = await expressions
      .evaluate(expression, {})
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExpressionFailed);
    expect((failure as Error).message).toMatch(expectedMessage);
  });

  it.each([
    // More at once than V8 survives, in a thread or not.
    ['[1..9999999]', /takes too much memory/],
    ['$pad("x", 2e7)', /too large/],
  ])('%s fails with a message, however long it takes', async (expression, expectedMessage) => {
    const failing = patient.evaluate(expression, {});
    await expect(failing).rejects.toBeInstanceOf(ExpressionFailed);
    await expect(failing).rejects.toThrow(expectedMessage);
  });

  it('goes on after one that was killed, and those that waited behind it have their results', async () => {
    const endless = expressions.evaluate('($f := function($n){$f($n + 1)}; $f(0))', {});
    const others = Array.from({ length: 20 }, (_, n) => expressions.evaluate('n * 2', { n }));
    await expect(endless).rejects.toThrow(ExpressionFailed);
    expect(await Promise.all(others)).toEqual(Array.from({ length: 20 }, (_, n) => n * 2));
  });

  it('of another organization is evaluated while sixty of one loop for ever', async () => {
    const endless = Array.from({ length: 60 }, () =>
      expressions.evaluate('($f := function($n){$f($n + 1)}; $f(0))', {}).catch(() => 'ended'),
    );
    const ended: string[] = [];
    void endless[59]?.then(() => ended.push('loud'));
    expect(await expressionsOf('globex').evaluate('n * 2', { n: 1 })).toBe(2);
    expect(ended).toEqual([]);
    await evaluators.close();
    expect(await Promise.all(endless)).toHaveLength(60);
  });

  it.each([
    '$eval("process")',
    'constructor.constructor("return process")()',
    '__proto__.polluted',
    '($.constructor)',
  ])('has no access to the process: %s', async (expression) => {
    const result: unknown = await expressions.evaluate(expression, { a: 1 }).catch(() => undefined);
    expect(result).toBeUndefined();
  });
});
