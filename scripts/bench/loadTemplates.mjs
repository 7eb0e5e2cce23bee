// Loads the file in its argument, and reports time and memory to its parent.
import { pathToFileURL } from 'node:url';

await import('zod');
globalThis.gc();
const before = process.memoryUsage().heapUsed;
const startedMs = performance.now();
const loaded = await import(pathToFileURL(process.argv[2]).href);
const loadMs = performance.now() - startedMs;
globalThis.gc();
const heapMb = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
process.send({ loadMs, heapMb, connectors: loaded.templates.length });
process.disconnect();
