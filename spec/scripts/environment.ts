import { settings } from '../../src/platform/settings.js';

/** Returns the environment of this process without settings of a hub, and without names that look like them. */
export function environmentOfOthers(): NodeJS.ProcessEnv {
  const isOurs = (name: string) => name in settings || name.startsWith('HUB_');
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}
