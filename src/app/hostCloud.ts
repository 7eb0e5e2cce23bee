import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { manifest, organizationFunctions } from '../../cloud/manifest.js';
import type { ClientKey } from '../authentication/gateway.js';
import { type AnyFunction, type AppError, StartRefused } from '../contract/index.js';
import {
  hasFunction,
  isFunctionTaken,
  type ParseSdk,
  type ParseServerConfig,
  serverConfig,
} from '../platform/parse/index.js';
import type { Services } from './services.js';

/** The option `cloud` of Parse Server, as a host sets it. */
export type HostCloud = string | ((Parse: ParseSdk) => unknown);

/** Loads the host's own cloud code as Parse Server itself would. */
export async function loadHostCloud(Parse: ParseSdk, cloud: HostCloud | undefined): Promise<void> {
  if (typeof cloud === 'function') await cloud(Parse);
  // An empty path means no cloud code, as for Parse Server.
  else if (Boolean(cloud)) await import(pathToFileURL(cloudFile(cloud)).href);
}

/** Finds the file as Parse Server does: from the working directory of the process, by the rules of `require`. */
function cloudFile(cloud: unknown): string {
  if (typeof cloud !== 'string') {
    throw new StartRefused('The option cloud of ParseServer must be a function or a path.');
  }
  const path = resolve(process.cwd(), cloud);
  try {
    return createRequire(import.meta.url).resolve(path);
  } catch (cause) {
    throw new StartRefused(
      `The option cloud of ParseServer is ${JSON.stringify(cloud)}, and there is no such file: ${path}. Create the file, or remove the option.`,
      { cause },
    );
  }
}

/** Returns the functions of a hub: without those of its own organizations where the host has others. */
export function functionsOf({
  ownOrganizations,
}: {
  ownOrganizations: boolean;
}): readonly AnyFunction<Services>[] {
  const left: readonly AnyFunction<Services>[] = ownOrganizations ? [] : organizationFunctions;
  return manifest.filter((spec) => !left.includes(spec));
}

/** The keys of which Parse Server wants one from every client, if the host has set any, with their headers. */
const CLIENT_KEYS = {
  restAPIKey: 'x-parse-rest-api-key',
  clientKey: 'x-parse-client-key',
  javascriptKey: 'x-parse-javascript-key',
  dotNetKey: 'x-parse-windows-key',
} as const;

function clientKeyOf(config: ParseServerConfig): ClientKey | undefined {
  for (const [name, header] of Object.entries(CLIENT_KEYS)) {
    const key = config[name as keyof typeof CLIENT_KEYS];
    if (key !== undefined) return { header, key };
  }
  return undefined;
}

/** Returns what authentication needs of the application. */
export function applicationOf(Parse: ParseSdk) {
  const config = serverConfig(Parse);
  return {
    application: { id: config.appId, clientKey: clientKeyOf(config) },
    isFunction: (name: string) => hasFunction(config, name),
    async loadUser(id: string): Promise<(() => object) | undefined> {
      const user = await new Parse.Query(Parse.User)
        .equalTo('objectId', id)
        .first({ useMasterKey: true });
      const text = user && JSON.stringify(user._toFullJSON());
      return text === undefined
        ? undefined
        : () => Parse.Object.fromJSON(JSON.parse(text) as Record<string, unknown>);
    },
    parseError: ({ spec, message }: AppError) => new Parse.Error(spec.code, message),
  };
}

/** Throws when the host has a function of the same name: Parse would silently let the last one win. */
export function checkFunctionNames(
  Parse: ParseSdk,
  { prefix, functions }: { prefix: string; functions: readonly AnyFunction<Services>[] },
): void {
  const config = serverConfig(Parse);
  const taken = functions.filter(({ name }) => isFunctionTaken(config, prefix + name));
  if (taken.length === 0) return;
  const names = taken.map(({ name }) => prefix + name).join(', ');
  throw new Error(
    `The hub's cloud functions ${names} would replace functions of yours. Set functionPrefix in the options of createIntegrationHub (HUB_FUNCTION_PREFIX), or rename yours.`,
  );
}

/**
 * Returns whether Parse Server writes whole requests and responses to its log, with secrets that are shown once: it
 * does from the level `verbose` on. The log filter withholds those that name a function of the hub, but a batch's
 * response names none.
 */
export function logsRequests({
  verbose,
  logLevel = '',
}: {
  readonly verbose?: boolean | undefined;
  readonly logLevel?: string | undefined;
}): boolean {
  return verbose === true || ['verbose', 'debug', 'silly'].includes(logLevel);
}
