import ParseBrowser from 'parse';
import type ParseNode from 'parse/node';

interface ClientSdk {
  /** `initialize` without a warning on the console about the environment. */
  _initialize(applicationId: string): void;
  serverURL: string;
  readonly CoreManager: { setStorageController(controller: object): void };
}

/**
 * The SDK that front-end apps use, over HTTP. It is a separate instance: the server in this process has one that calls it
 * without a network.
 */
export const ClientParse = ParseBrowser as unknown as typeof ParseNode & ClientSdk;

// A browser has localStorage. Here it is a map.
const stored = new Map<string, string>();
ClientParse.CoreManager.setStorageController({
  async: 0,
  getItem: (path: string) => stored.get(path) ?? null,
  setItem: (path: string, value: string) => stored.set(path, value),
  removeItem: (path: string) => stored.delete(path),
  getAllKeys: () => [...stored.keys()],
  clear: () => {
    stored.clear();
  },
});
