import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { forgetSchemas } from '../support/hostFixtures/plainHost.js';
import { createHubStore, startHub, type TestHub, type TestHubOptions } from '../support/hub.js';
import { createStore, type Store } from '../support/store.js';

/** Hosts of a file of specs, on one database at a time. */
export interface Hosts {
  store(): Store;
  start(options?: TestHubOptions): Promise<TestHub>;
  stop(hub: TestHub): Promise<void>;
}

/** An empty database for each test: for tests about what is in a database. */
export function useEmptyStores(): Hosts {
  const { hosts, use, stopAll } = startsHosts();
  beforeEach(async () => {
    use(await createStore());
  });
  afterEach(async () => {
    await stopAll();
    await hosts.store().drop();
  });
  return hosts;
}

/** One database for all tests, with the hub's classes in it. */
export function useInstalledStore(): Hosts {
  const { hosts, use, stopAll } = startsHosts();
  beforeAll(async () => {
    use(await createHubStore());
  });
  afterEach(stopAll);
  afterAll(() => hosts.store().drop());
  return hosts;
}

function startsHosts() {
  let store: Store | undefined;
  const running = new Set<TestHub>();
  const hosts: Hosts = {
    store() {
      if (!store) throw new Error('There is no database yet.');
      return store;
    },
    async start(options = {}) {
      forgetSchemas();
      const hub = await startHub({ ...options, store: hosts.store() });
      running.add(hub);
      return hub;
    },
    async stop(hub) {
      running.delete(hub);
      await hub.stop();
    },
  };
  return {
    hosts,
    use(next: Store) {
      store = next;
    },
    async stopAll() {
      await Promise.all([...running].map((hub) => hub.stop()));
      running.clear();
    },
  };
}

/** Returns a function that writes files to a new folder, which is removed after the test. */
export function useFolders(): (files: Readonly<Record<string, string>>) => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  return (files) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hub-cloud-'));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    return folder;
  };
}
