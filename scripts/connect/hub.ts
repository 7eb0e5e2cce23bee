import { existsSync } from 'node:fs';

import { createHubClient, type HubClient } from '../../client.js';
import { commonErrors } from '../../src/contract/index.js';
import type { Settings } from '../../src/platform/settings.js';
import { Parse } from '../start/parseSdk.js';
import { openSecrets, secretsPath } from '../start/secrets.js';
import { StartProblem } from '../start/startProblem.js';
import { publicUrls } from '../start/urls.js';

/** The functions of the hub that the settings name, called with the master key. Throws a StartProblem without one. */
export async function openHub(settings: Settings): Promise<HubClient> {
  Parse.initialize(settings.APP_ID, undefined, await masterKeyOf(settings));
  Parse.serverURL = publicUrls(settings).parse;
  return createHubClient(Parse, { prefix: settings.HUB_FUNCTION_PREFIX, useMasterKey: true });
}

async function masterKeyOf({ MASTER_KEY, DATA_DIR }: Settings): Promise<string> {
  if (MASTER_KEY !== undefined) return MASTER_KEY;
  if (!existsSync(secretsPath(DATA_DIR))) {
    throw new StartProblem(
      `MASTER_KEY is not set, and there is none in ${secretsPath(DATA_DIR)}: set it, or DATA_DIR`,
    );
  }
  return (await openSecrets(DATA_DIR)).secrets.masterKey;
}

/** Parse's numbers for a server that did not answer, or with something else than JSON: something else listens there. */
const NO_RESPONSE: ReadonlySet<unknown> = new Set([100, 107]);

/** A sentence for a person of what a function answered, or the error itself when it is a mistake of ours. */
export function describeFailure(
  error: unknown,
  { PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>,
): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  // Node's word for whatever kept a request from being answered; the SDK passes it on without a number.
  if (NO_RESPONSE.has(code) || message === 'fetch failed') {
    return new StartProblem(
      `No hub answers at ${PUBLIC_URL}: start it with npm start, or say with PUBLIC_URL where it is`,
    );
  }
  if (message === 'unauthorized' || code === commonErrors.NotSignedIn.spec.code) {
    return new StartProblem(
      `The server at ${PUBLIC_URL} does not know this APP_ID or MASTER_KEY, or does not take the key from here (MASTER_KEY_IPS)`,
    );
  }
  const isOfTheHub = typeof code === 'number' && typeof message === 'string';
  return isOfTheHub ? new StartProblem(message) : error;
}
