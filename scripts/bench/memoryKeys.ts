import { systemClock } from '../../src/platform/clock.js';
import { createLog } from '../../src/platform/log.js';
import type { KeyRow, VaultDeps } from '../../src/vault/index.js';

/** Returns the dependencies of a vault that keeps its key in memory instead of a database. */
export function memoryKeys(): VaultDeps {
  const keys: KeyRow[] = [];
  const nothing = () => Promise.resolve(undefined);
  const store: VaultDeps['store'] = {
    keys: () => Promise.resolve(keys),
    insertKey({ readers: _readers, ...row }) {
      keys.push({ ...row, updatedAt: row.createdAt });
      return Promise.resolve(true);
    },
    changeKey: () => Promise.resolve(false),
    exclusively: (work) => work(),
    wakeReencrypt: async () => {
      await nothing();
    },
    reencryptState: nothing,
    sources: [],
  };
  return {
    app: 'bench',
    store,
    iterations: 100_000,
    clock: systemClock(),
    log: createLog('silent'),
    secrets: ['a secret that only the benchmark uses'],
    hostClasses: [],
    hostRows: { list: () => Promise.resolve([]), replace: () => Promise.resolve(false) },
    calls: { rotateFunction: '', statusFunction: '', reencryptJob: '' },
  };
}
