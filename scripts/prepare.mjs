// npm runs this after an install in a checkout. It switches the hooks of scripts/hooks on, for contributors; whoever has no
// use for them is left alone: an install in CI, without git, or without devDependencies, and a checkout with hooks of its own.
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

async function switchHooksOn() {
  if (process.env['CI'] || !isCheckout()) return;
  const present = hooksOf('core.hooksPath');
  if (present !== '' && present !== `${HOOKS}/_`) return;
  const husky = await import('husky').catch(() => undefined);
  const problem = husky?.default(HOOKS);
  if (problem) process.stdout.write(`The commit hooks are off: ${problem}\n`);
}

await switchHooksOn();
