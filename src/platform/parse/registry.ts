import triggers from 'parse-server/lib/triggers.js';

import type { ParseServerConfig } from './door.js';

/** Whether the application has a cloud function of this name. */
export function hasFunction({ appId }: ParseServerConfig, name: string): boolean {
  return triggers.getFunction(name, appId) !== undefined;
}

/** Whether the application has a job of this name. */
export function hasJob({ appId }: ParseServerConfig, name: string): boolean {
  return triggers.getJob(name, appId) !== undefined;
}
