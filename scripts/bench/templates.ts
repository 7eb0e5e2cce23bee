import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { templates as all } from '../../templates/index.js';
import { say } from '../start/say.js';
import { median } from './measure.js';
import { printTable } from './table.js';

export interface TemplatesResult {
  readonly connectors: number;
  readonly actions: number;
  readonly loadMs: number;
  readonly heapMb: number;
}

/** Measures loading all connectors without zod, compiled as in the package. Each round runs in a separate process. */
export async function templates(rounds: number): Promise<TemplatesResult[]> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = await mkdtemp(join(root, 'node_modules', '.bench-'));
  const outfile = join(folder, 'templates.mjs');
  await build({
    entryPoints: [join(root, 'templates/index.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const measured: { loadMs: number; heapMb: number }[] = [];
  for (let round = 0; round < Math.max(3, rounds); round += 1) {
    const file = fileURLToPath(new URL('./loadTemplates.mjs', import.meta.url));
    const child = fork(file, [outfile], { execArgv: ['--expose-gc'] });
    measured.push(((await once(child, 'message')) as [{ loadMs: number; heapMb: number }])[0]);
  }
  await rm(folder, { recursive: true, force: true });
  const result = {
    connectors: all.length,
    actions: all.reduce((sum, { actions }) => sum + actions.length, 0),
    loadMs: median(measured.map(({ loadMs }) => loadMs)),
    heapMb: median(measured.map(({ heapMb }) => heapMb)),
  };
  say();
  printTable(
    ['connectors', 'actions', 'ms to load', 'MB of heap'],
    [
      [
        ...[String(result.connectors), String(result.actions)],
        ...[result.loadMs.toFixed(1), result.heapMb.toFixed(1)],
      ],
    ],
  );
  return [result];
}
