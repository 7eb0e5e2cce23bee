import { spawnSync } from 'node:child_process';
import path from 'node:path';

import type { Json } from '../hub.js';

const here = import.meta.dirname;
const jest = path.resolve(here, '../../../node_modules/jest/bin/jest.js');

/** Runs jest on files that fail for one reason each. Returns its exit code, and its results by file as --json has them. */
function run(): { readonly status: number | null; readonly files: ReadonlyMap<string, Json> } {
  const config = path.join(here, 'failing.config.mjs');
  const { status, stdout } = spawnSync(process.execPath, [jest, '-c', config, '--json'], {
    encoding: 'utf8',
  });
  const { testResults } = JSON.parse(stdout);
  const named = testResults.map((result: Json) => [path.basename(result.name, '.ts'), result]);
  return { status, files: new Map(named) };
}

describe('the runner', () => {
  let outcome: ReturnType<typeof run>;
  beforeAll(() => {
    outcome = run();
  });

  it('ends with an error when a file fails', () => {
    expect(outcome.status).toBe(1);
  });

  it.each([
    ['an expectation, with its line', 'expectation', /Expected: 2[\s\S]*expectation\.ts:2:13/],
    ['an error at load', 'load', /at load[\s\S]*load\.ts:1:7/],
    ['a rejection without a handler', 'rejection', /without a handler/],
    ['an error after its tests', 'afterwards', /after the tests/],
    ['a test that never ends', 'endless', /Exceeded timeout of 100 ms/],
    ['the end of its process', 'exit', /ended unexpectedly \(0\)[\s\S]*the last output/],
  ])('fails a file for %s', (_what, name, message) => {
    const { status, message: failure } = outcome.files.get(name);
    expect(status).toBe('failed');
    expect(failure).toMatch(message);
  });

  it.each(['mocks', 'unmocked'])('passes a file that succeeds among them: %s', (name) => {
    expect(outcome.files.get(name)).toMatchObject({ status: 'passed' });
  });

  it('counts what passed in a file that fails', () => {
    const { assertionResults } = outcome.files.get('expectation');
    expect(assertionResults.map((result: Json) => result.status)).toEqual(['failed', 'passed']);
  });
});
