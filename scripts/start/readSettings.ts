import { parseSettings, type Settings } from '../../src/platform/settings.js';
import { StartProblem } from './startProblem.js';

/** The settings, or a `StartProblem` with one line for each wrong one. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const parsed = parseSettings(environment);
  if (!parsed.ok) throw new StartProblem(parsed.problems.join('\n'));
  const { settings } = parsed;
  checkSecretsDiffer({
    HUB_SECRET: settings.HUB_SECRET,
    MASTER_KEY: settings.MASTER_KEY,
    DASHBOARD_PASSWORD: settings.DASHBOARD_PASSWORD,
  });
  return settings;
}

/**
 * Throws a `StartProblem` when two secrets, given by name, have the same value: whoever learns one would have both. The
 * master key is in the browser of whoever uses Dashboard, and its password is typed there.
 */
export function checkSecretsDiffer(secrets: Readonly<Record<string, string | undefined>>): void {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(secrets)) {
    if (value === undefined) continue;
    const other = seen.get(value);
    if (other === undefined) seen.set(value, name);
    else problems.push(`${name} must not be the same as ${other}: give each a value of its own`);
  }
  if (problems.length > 0) throw new StartProblem(problems.join('\n'));
}
