import { parseSettings, type Settings } from '../../src/platform/settings.js';
import { StartProblem } from './startProblem.js';

/** Returns the settings. Throws a `StartProblem` with one line for each wrong setting. */
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
 * Throws a `StartProblem` if two secrets have the same value: a leak of one would expose the other. The browser of a Dashboard
 * user has the master key, and the password of Dashboard is typed there.
 */
export function checkSecretsDiffer(secrets: Readonly<Record<string, string | undefined>>): void {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(secrets)) {
    if (value === undefined) continue;
    const other = seen.get(value);
    if (other === undefined) seen.set(value, name);
    else problems.push(`${name} must not be the same as ${other}: give each its own value`);
  }
  if (problems.length > 0) throw new StartProblem(problems.join('\n'));
}
