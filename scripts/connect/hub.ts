import { existsSync } from 'node:fs';

import { createHubClient, type HubClient } from '../../client.js';
import { commonErrors } from '../../src/contract/index.js';
import type { Settings } from '../../src/platform/settings.js';
import { Parse } from '../start/parseSdk.js';
import { openSecrets, secretsPath } from '../start/secrets.js';
import { StartProblem } from '../start/startProblem.js';
import { publicUrls } from '../start/urls.js';

/** Returns a client, with the master key, for the hub that the settings name. Throws a StartProblem if there is no master key. */
export async function openHub(settings: Settings): Promise<HubClient> {
  Parse.initialize(settings.APP_ID, undefined, await masterKeyOf(settings));
  Parse.serverURL = publicUrls(settings).parse;
  return createHubClient(Parse, { prefix: settings.HUB_FUNCTION_PREFIX, useMasterKey: true });
}

async function masterKeyOf({ MASTER_KEY, DATA_DIR }: Settings): Promise<string> {
  if (MASTER_KEY !== undefined) return MASTER_KEY;
  if (!existsSync(secretsPath(DATA_DIR))) {
    throw new StartProblem(
      `MASTER_KEY is not set, and ${secretsPath(DATA_DIR)} does not exist: set MASTER_KEY or DATA_DIR`,
    );
  }
  return (await openSecrets(DATA_DIR)).secrets.masterKey;
}

/** Parse's error codes for no response, and for a response that is not JSON, which another program sent. */
const NO_RESPONSE: ReadonlySet<unknown> = new Set([100, 107]);

/** Returns a StartProblem for an error that the user can fix, and the error itself if it is a bug. */
export function describeFailure(
  error: unknown,
  { PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>,
): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  // Node's message for any failed request; the SDK passes it on without an error code.
  if (NO_RESPONSE.has(code) || message === 'fetch failed') {
    return new StartProblem(
      `No hub responds at ${PUBLIC_URL}: start it with npm start, or set PUBLIC_URL to its address`,
    );
  }
  if (message === 'unauthorized' || code === commonErrors.NotSignedIn.spec.code) {
    return new StartProblem(
      `The server at ${PUBLIC_URL} does not accept this APP_ID or MASTER_KEY, or does not allow the key from this address (MASTER_KEY_IPS)`,
    );
  }
  const isOfTheHub = typeof code === 'number' && typeof message === 'string';
  return isOfTheHub ? new StartProblem(message) : error;
}
