// npm runs this after an install in a checkout. It turns on the Git hooks in scripts/hooks for contributors. It changes nothing
// in CI, without git, without devDependencies, or in a checkout that has its own hooks.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

const HOOKS = 'scripts/hooks';

/** A linked worktree shares the settings of its repository, where `.git` is a folder. */
function isCheckout() {
  return statSync('.git', { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function hooksOf(name) {
  try {
    return execFileSync('git', ['config', name], { encoding: 'utf8' }).trim();
  } catch {
    // Not set, or no git.
    return '';
  }
}

async function turnHooksOn() {
  if (process.env['CI'] || !isCheckout()) return;
  const present = hooksOf('core.hooksPath');
  if (present !== '' && present !== `${HOOKS}/_`) return;
  const husky = await import('husky').catch(() => undefined);
  const problem = husky?.default(HOOKS);
  if (problem) process.stdout.write(`The commit hooks are off: ${problem}\n`);
}

await turnHooksOn();
