// A process in which specs run, one file after the other. jest-circus collects and runs the tests of a file. This module
// replaces what jest adds to that: a separate environment and module registry for each file.
import { createRequire, register } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import circusRunner from 'jest-circus/runner';
import { ModuleMocker } from 'jest-mock';

import { startCoverage } from './coverage.mjs';

register('./globalsHook.mjs', import.meta.url);

const LOAD_MS = 600_000;
const ALIVE_MS = 1_000;
// https://github.com/jestjs/jest/blob/v30.0.0/packages/jest-circus/src/types.ts
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
const TEST_TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

const require = createRequire(import.meta.url);
const mocker = new ModuleMocker(globalThis);
/** Errors that belong to no test. */
const strays = [];
let globalConfig;
let coverage;
let loads = 0;

globalThis.jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  mocked: (mock) => mock,
  isMockFunction: mocker.isMockFunction.bind(mocker),
  clearAllMocks: mocker.clearAllMocks.bind(mocker),
  resetAllMocks: mocker.resetAllMocks.bind(mocker),
  restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
  setTimeout: (ms) => {
    globalThis[TEST_TIMEOUT] = ms;
  },
};

const runtime = {
  requireInternalModule: freshly,
  requireModule: require,
  // All files and what they share see the same globals.
  setGlobalsForRuntime: () => undefined,
  unstable_shouldLoadAsEsm: () => true,
  unstable_importModule: load,
  enterTestCode: () => undefined,
  leaveTestCode: () => undefined,
};
const environment = {
  global: globalThis,
  handleTestEvent({ error }) {
    nameFrames(error);
  },
};

/** Renames frames that Node calls `<anonymous>`: jest omits them from a stack, and with them the line of the spec. */
function nameFrames(error) {
  if (typeof error?.stack !== 'string') return;
  error.stack = error.stack
    .replaceAll('at <anonymous> (', 'at Object.<anonymous> (')
    .replaceAll(/at (file:.*)/g, 'at Object.<anonymous> ($1)');
}

/** jest-circus keeps its state and handlers as long as it is loaded. */
function freshly(path) {
  delete require.cache[path];
  delete globalThis[EVENT_HANDLERS];
  return require(path);
}

/** Loads a file of specs again each time, also for the next engine. Modules that it imports are loaded once. */
async function load(path) {
  const url = pathToFileURL(path);
  url.search = `run=${String(++loads)}`;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, LOAD_MS, new Error(`It did not finish loading in ${LOAD_MS} ms.`));
  });
  try {
    return await Promise.race([import(url.href), late]);
  } catch (error) {
    nameFrames(error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function run({ path, config, isLast }) {
  const start = Date.now();
  Object.assign(globalThis, config.globals);
  delete globalThis[TEST_TIMEOUT];
  const env = { ...process.env };
  const result = await circusRunner.default(globalConfig, config, environment, runtime, path);
  mocker.restoreAllMocks();
  // Work that a file leaves behind, and its errors, belong to that file.
  await turn();
  await turn();
  restoreEnvironment(env);
  if (strays.length > 0) {
    const stack = strays.splice(0).join('\n\n');
    result.testExecError = { message: stack, stack };
    result.failureMessage = `${result.failureMessage ?? ''}\n\nAfter its tests:\n${stack}`;
  }
  const end = Date.now();
  Object.assign(result.perfStats, {
    start,
    end,
    runtime: end - start,
    slow: (end - start) / 1000 > config.slowTestThreshold,
  });
  const testCount = result.testResults.length;
  result.skipped = testCount === result.numPendingTests;
  result.displayName = config.displayName;
  result.testFilePath = path;
  if (coverage && isLast) result.v8Coverage = await coverage();
  return result;
}

/** What a file sets, such as the folder of Parse Server's log, must not reach the child processes of the next file. */
function restoreEnvironment(env) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

function strayed(error) {
  strays.push(error?.stack ?? String(error));
}
// jest-circus takes these over while tests run.
process.on('uncaughtException', strayed);
process.on('unhandledRejection', strayed);

const orders = {
  begin(order) {
    globalConfig = order.globalConfig;
  },
  async run(order) {
    if (globalConfig.collectCoverage) coverage ??= await startCoverage(order.config);
    const alive = setInterval(() => process.send({ kind: 'alive' }), ALIVE_MS);
    try {
      const result = await run(order);
      reply({ kind: 'ran', result, memory: process.memoryUsage.rss() });
    } catch (error) {
      reply({
        kind: 'failed',
        error: { message: error?.message, stack: error?.stack ?? String(error) },
      });
    } finally {
      clearInterval(alive);
    }
  },
  async end() {
    await turn();
    for (const stray of strays) process.stderr.write(`${stray}\n`);
    process.exit(strays.length > 0 ? 1 : 0);
  },
};

function reply(news) {
  try {
    process.send(news);
  } catch {
    // The values that an expectation compared cannot always be sent. Its message exists already.
    for (const each of news.result.testResults) each.failureDetails = [];
    process.send(news);
  }
}

let working = Promise.resolve();
process.on('message', (order) => {
  working = working.then(() => orders[order.kind](order));
});
process.once('disconnect', () => process.exit(1));
