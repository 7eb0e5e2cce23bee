import type { Services } from '../app/services.js';
import type { AppError } from '../contract/index.js';
import type { Log } from '../platform/log.js';
import type { Standings } from './callerContext.js';

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
