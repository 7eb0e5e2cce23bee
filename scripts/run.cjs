/**
 * Runs scripts/NAME.ts for `npm run NAME`, after checking that `engines` in package.json allows this version of Node. Uses
 * only syntax that an older Node can read: newer syntax would end in a SyntaxError instead of the message.
 */
'use strict';

/** Returns the message for a version of Node that `engines` does not allow; undefined for one that it allows. */
function nodeProblem(version, engines) {
  if (isInRange(version, engines)) return undefined;
  const lowest = engines
    .split('||')
    .map((alternative) => numbersOf(boundsOf(alternative)[0].replace('>=', '')));
  const first = listed(lowest.map((numbers) => numbers.slice(0, 2).join('.')));
  const majors = listed(lowest.map((numbers) => String(numbers[0])));
  return `Node ${version} is not supported: install Node ${first}, or a later ${majors} (https://nodejs.org), then run npm ci again.`;
}

/** Supports the part of semver's grammar that `engines` uses: `>=` and `<` joined by spaces, alternatives joined by `||`. */
function isInRange(version, range) {
  return range.split('||').some((alternative) =>
    boundsOf(alternative).every((bound) => {
      const order = compareVersions(version, bound.replace(/^(>=|<)/, ''));
      return bound.startsWith('<') ? order < 0 : order >= 0;
    }),
  );
}

const boundsOf = (alternative) => alternative.trim().split(/\s+/);

const numbersOf = (version) => version.split('.').map((part) => Number.parseInt(part, 10));

function compareVersions(one, other) {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  const differences = [0, 1, 2].map((index) => (a[index] || 0) - (b[index] || 0));
  return differences.find((difference) => difference !== 0) || 0;
}

const listed = (items) =>
  [items.slice(0, -1).join(', '), items[items.length - 1]].filter(Boolean).join(' or ');

/** Arguments for `npm run dev`, which is `npm start` under tsx's watcher: https://tsx.hirok.io/watch-mode */
const WATCH = ['watch', '--clear-screen=false', '--include', './connectors/**/*'];

async function run(name) {
  if (name === 'dev') {
    process.argv.splice(2, 1, ...WATCH, `${__dirname}/start.ts`);
    await import('tsx/cli');
    return;
  }
  process.argv.splice(1, 2, `${__dirname}/${name}.ts`);
  await import('tsx');
  await import(`./${name}.ts`);
}

function main() {
  const problem = nodeProblem(process.versions.node, require('../package.json').engines.node);
  if (problem === undefined) return run(process.argv[2]);
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

module.exports = { nodeProblem };
if (require.main === module) main();
