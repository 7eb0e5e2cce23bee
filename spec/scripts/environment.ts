import { settings } from '../../src/platform/settings.js';

/** The environment of this process without the settings of a hub, and without what only looks like one. */
export function environmentOfOthers(): NodeJS.ProcessEnv {
  const isOurs = (name: string) => name in settings || name.startsWith('HUB_');
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}
