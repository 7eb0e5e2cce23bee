import { parseSettings, type Settings } from '../../src/platform/settings.js';
import { StartProblem } from './startProblem.js';

/** The settings, or a `StartProblem` with one line for each wrong one. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const parsed = parseSettings(environment);
  if (parsed.ok) return parsed.settings;
  throw new StartProblem(parsed.problems.join('\n'));
}
