import ParseBrowser from 'parse';
import type ParseNode from 'parse/node';

interface ClientSdk {
  /** `initialize` without a remark on the console about the surroundings. */
  _initialize(applicationId: string): void;
  serverURL: string;
  readonly CoreManager: { setStorageController(controller: object): void };
}

/**
 * The SDK that front-end apps use, speaking HTTP: another instance than the one that the server in this process has, which
 * calls itself without a network.
 */
export const ClientParse = ParseBrowser as unknown as typeof ParseNode & ClientSdk;

// A browser has localStorage; here a map does.
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
