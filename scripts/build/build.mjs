// npm run build: removes dist/ first, so that a file that was deleted from the sources is not in the package.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '../..');

rmSync(path.join(top, 'dist'), { recursive: true, force: true });
const tsc = path.join(top, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', import.meta.dirname], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
