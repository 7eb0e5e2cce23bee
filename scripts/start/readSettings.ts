import { parseSettings, type Settings } from '../../src/platform/settings.js';
import { templates } from '../../templates/index.js';
import { StartProblem } from './startProblem.js';

/** The settings, or a `StartProblem` with one line for each wrong one. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const parsed = parseSettings(environment);
  if (!parsed.ok) throw new StartProblem(parsed.problems.join('\n'));
  checkClients(parsed.settings);
  return parsed.settings;
}

/** A mistyped connector would be ignored without a word. What was typed is not repeated: it may be a secret in the wrong place. */
function checkClients({ HUB_OAUTH_CLIENTS = {} }: Settings): void {
  const keys = new Set(templates.map(({ key }) => key));
  if (Object.keys(HUB_OAUTH_CLIENTS).every((key) => keys.has(key))) return;
  throw new StartProblem(
    `HUB_OAUTH_CLIENTS must name connectors by their keys, which are ${[...keys].join(', ')}`,
  );
}
