import { SCHEMA_ENGINE_SOURCE } from './schemaEngine.js';

/** Megabytes that the evaluator may use. */
const MEMORY_MB_MAX = 128;
/** Characters of JSON that a result may have. */
const RESULT_LENGTH_MAX = 10 * 1024 * 1024;

/** The exit code of a process whose evaluator ran out of memory. When V8 ends the process, it ends by SIGABRT. */
export const NO_MEMORY = 9;
/** How often the processor time is looked at. */
const LOOK_EVERY_MS = 10;

// Loaded when first needed: JSONata needs no validator, and a validator no JSONata.
const EVALUATOR = `
const { parentPort, workerData: paths } = require('node:worker_threads');
const { performance } = require('node:perf_hooks');
const COMPILED_MAX = 100;
const known = new Map();
function remember(key, make) {
  const compiled = known.get(key) ?? make();
  known.delete(key);
  known.set(key, compiled);
  if (known.size > COMPILED_MAX) known.delete(known.keys().next().value);
  return compiled;
}
let engine;
function loadSchemas() {
  if (engine) return engine;
  const libraries = {
    ajv: require(paths.ajv),
    ajv2020: require(paths.ajv2020),
    formats: require(paths.formats),
    re2js: require(paths.re2js),
  };
  return (engine = (function (libraries) { ${SCHEMA_ENGINE_SOURCE} })(libraries));
}
const load = { jsonata: () => require(paths.jsonata), checkSchema: loadSchemas, checkData: loadSchemas };
const programs = {
  async jsonata(jsonata, { expression, input }) {
    const compiled = remember('jsonata ' + expression, () => jsonata(expression));
    return JSON.stringify(await compiled.evaluate(JSON.parse(input)));
  },
  checkSchema(schemas, { schema }) {
    schemas.compile(schema, { isNew: true, isLinear: true, dialect: 'event' });
  },
  checkData(schemas, { dialect, schema, data }) {
    const options = { isNew: false, isLinear: false, dialect };
    const check = remember(dialect + ' ' + schema, () => schemas.compile(schema, options));
    return JSON.stringify(check(JSON.parse(data)));
  },
};
parentPort.on('message', async ({ program, given }) => {
  try {
    const library = load[program]();
    parentPort.postMessage('loaded');
    const result = await programs[program](library, given);
    if (result?.length > ${String(RESULT_LENGTH_MAX)}) throw new Error('its result is too large');
    parentPort.postMessage({ result });
  } catch (error) {
    const { message, position } = error ?? {};
    parentPort.postMessage({ problem: String(message ?? 'no result'), position, isTooDeep: error instanceof RangeError });
  }
});
`;

/**
 * What a separate process runs, as text: files of this package are not found when a host bundles it. The evaluator has a thread of
 * its own, so that the process ends with the hub whatever is being evaluated.
 */
export const PROGRAM = `
const { constants, setPriority } = require('node:os');
const { Worker } = require('node:worker_threads');
process.on('disconnect', () => process.exit());
// The hub itself and the database come first. On Linux a priority is that of one thread, which threads that it starts inherit: so
// this is set here, before the evaluator starts. Not every system permits it.
try { setPriority(constants.priority.PRIORITY_BELOW_NORMAL); } catch {}
const worker = new Worker(${JSON.stringify(EVALUATOR)}, {
  eval: true,
  workerData: JSON.parse(process.argv[1]),
  resourceLimits: { maxOldGenerationSizeMb: ${String(MEMORY_MB_MAX)} },
  env: {},
});
let timeoutMs = 0;
let looking;
function send(response) {
  clearInterval(looking);
  process.send(response);
}
// By processor time: on a busy machine an evaluation that is harmless may have to wait for long.
function limit() {
  const before = process.cpuUsage();
  looking = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1_000 > timeoutMs) send({ isTooLong: true });
  }, ${String(LOOK_EVERY_MS)});
}
process.on('message', (message) => {
  timeoutMs = message.timeoutMs;
  worker.postMessage(message);
});
worker.on('message', (message) => {
  if (message === 'loaded') limit();
  else send(message);
});
worker.on('online', () => process.send('ready'));
worker.on('error', ({ code }) => process.exit(code === 'ERR_WORKER_OUT_OF_MEMORY' ? ${String(NO_MEMORY)} : 1));
`;
