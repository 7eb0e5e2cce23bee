import { cpSync } from 'node:fs';
import path from 'node:path';

import { createStore } from '../support/store.js';
import { hostFolder, startHostProcess } from './hostProcess.js';
import { hostFiles } from './hosts.js';
import { HUB, packedHub } from './packedHub.js';

/** Installs router 2.3.0 as npm does for a lock file that has it: parse-server loads that version, the hub its own. */
function installRouter23(folder: string, packed: string): void {
  const copy = (from: string, to: string) => {
    cpSync(from, path.join(folder, 'node_modules', to), { recursive: true });
  };
  for (const name of ['parse-server', 'express', HUB])
    copy(path.join(packed, 'node_modules', name), name);
  copy(path.resolve(import.meta.dirname, '../../node_modules/router-2.3'), 'router');
  copy(path.join(packed, 'node_modules/router'), `${HUB}/node_modules/router`);
}

it('refuses the start of a host whose lock file has router 2.3.0', async () => {
  const packed = await packedHub();
  const store = await createStore();
  const folder = hostFolder(packed, hostFiles({ modules: 'ES modules', first: HUB }));
  installRouter23(folder, packed);
  const host = await startHostProcess({ folder, file: 'server.js', databaseUri: store.uri });
  await expect(host.ready()).rejects.toThrow(
    /This parse-server does not work with router 2\.3\.0, which it loads.*"router": "2\.2\.0"/,
  );
  expect(await host.ended).toEqual([1, null]);
  expect(host.output()).not.toContain('at parseServerInternals');
  await store.drop();
}, 300_000);
