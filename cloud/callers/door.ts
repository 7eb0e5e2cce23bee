import type { AppError } from '../../src/contract/index.js';
import type { Log } from '../../src/platform/log.js';
import type { Services } from '../../src/services.js';
import type { Standings } from './standings.js';

/** What a hub that runs gives to those who come with a key or a token. */
export interface Door {
  readonly services: Services;
  readonly log: Log;
  readonly appId: string;
  /** Whether a cloud function is the hub's, which asks for permissions itself. */
  isOwn(functionName: string): boolean;
  /** Whether there is such a cloud function, whoever's. */
  isFunction(functionName: string): boolean;
  readonly standings: Standings;
  /** An error as Parse Server shows it to whoever asked. */
  parseError(error: AppError): Error;
}
