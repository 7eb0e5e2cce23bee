import { jest } from '@jest/globals';
import { ParseServer } from 'parse-server';

import { createIntegrationHub } from '../../index.js';
import type { ParseSdk } from '../../src/platform/parse/index.js';
import { createStore } from '../support/store.js';

interface Server {
  readonly config: {
    readonly databaseController: { readonly adapter: { handleShutdown(): Promise<void> } };
  };
  start(): Promise<unknown>;
}
// The package's types declare it as a function only, but it is a class too.
const Server = ParseServer as unknown as new (options: object) => Server;

it('Parse Server does not start when a job of the host has the name of a job of the hub', async () => {
  const store = await createStore();
  const hub = createIntegrationHub({
    secret: 'hub-secret-of-the-spec-0123456789abcdef',
    publicUrl: 'http://127.0.0.1:1/hub',
  });
  const server = new Server(
    hub.parseServerOptions({
      appId: 'jobNames',
      masterKey: 'master',
      databaseURI: store.uri,
      serverURL: 'http://127.0.0.1:1/parse',
      logLevel: 'error',
      silent: true,
      logsFolder: null,
      cloud: (Parse: ParseSdk) => {
        Parse.Cloud.job('pruneHistory', () => undefined);
      },
    }),
  );
  // Parse Server prints why its start failed.
  const printed = jest.spyOn(console, 'error').mockReturnValue();
  await expect(server.start()).rejects.toThrow(
    "The hub's jobs pruneHistory have the names of jobs of yours. Set jobPrefix",
  );
  printed.mockRestore();
  await server.config.databaseController.adapter.handleShutdown();
  await store.drop();
});
