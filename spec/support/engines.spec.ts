import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { checkArguments } from './arguments.mjs';
import { ON_BOTH_ENGINES } from './engines.mjs';

const top = path.resolve(import.meta.dirname, '..');
const ENDING = /\.(db|long)\.spec\.ts$/;
const files = readdirSync(top, { recursive: true, encoding: 'utf8' })
  .filter((file) => ENDING.test(file) && !file.includes('node_modules'))
  .map((file) => file.replaceAll(path.sep, '/'));

const isMeant = (pattern: string, file: string) =>
  pattern.endsWith('/**')
    ? file.startsWith(pattern.slice(0, -2))
    : file.replace(ENDING, '') === pattern;

describe('what runs on both engines', () => {
  it.each(Object.keys(ON_BOTH_ENGINES))('includes existing files: %s', (pattern) => {
    expect(files.filter((file) => isMeant(pattern, file))).not.toEqual([]);
  });

  it('includes each file that distinguishes the engines', () => {
    const distinguishing = files.filter((file) =>
      /engine\b.*'(mongodb|postgres)'/.test(readFileSync(path.join(top, file), 'utf8')),
    );
    expect(distinguishing).not.toEqual([]);
    const patterns = Object.keys(ON_BOTH_ENGINES);
    expect(
      distinguishing.filter((file) => !patterns.some((pattern) => isMeant(pattern, file))),
    ).toEqual([]);
  });
});

it('a path that --selectProjects would read as a project is refused with a message', () => {
  const jest = ['node', 'jest', '-c', 'spec/jest.config.mjs'];
  expect(() => {
    checkArguments([...jest, '--selectProjects', 'postgres', 'spec/webhooks']);
  }).toThrow('There is no project spec/webhooks. Write paths before --selectProjects');
  for (const args of [
    ['spec/webhooks', '--selectProjects', 'postgres', 'pure'],
    ['--selectProjects', 'postgres', '--silent'],
    ['spec/webhooks'],
  ]) {
    checkArguments([...jest, ...args]);
  }
});
