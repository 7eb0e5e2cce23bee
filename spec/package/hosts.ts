import { readmeBlocks } from './readmeBlocks.js';

/** A form of the README's host: the module system, and the first import. */
export interface HostForm {
  readonly modules: 'ES modules' | 'CommonJS';
  readonly first: 'parse-integration-hub' | 'parse-server';
}

/** Returns the files of a host: the README's lines, LiveQuery for the class `Note`, and its own cloud code. */
export function hostFiles({ modules, first }: HostForm): Record<string, string> {
  const isModule = modules === 'ES modules';
  const lines = withLiveQuery(readmeHost());
  const ordered = first === 'parse-server' ? parseServerFirst(lines) : lines;
  return {
    'package.json': JSON.stringify({ name: 'host', type: isModule ? 'module' : 'commonjs' }),
    'server.js': isModule ? ordered : asCommonJs(ordered),
    'cloud/main.js': isModule ? CLOUD : asCommonJs(CLOUD),
  };
}

/** Returns the lines in the README for the reader's own server. */
function readmeHost(): string {
  const host = readmeBlocks().find(({ file }) => file === 'server.js');
  if (!host) throw new Error('README.md has no server.js.');
  return host.text;
}

function withLiveQuery(lines: string): string {
  const enabled = replaced(
    lines,
    "cloud: './cloud/main.js',",
    "$& liveQuery: { classNames: ['Note'] },",
  );
  const served = 'await ParseServer.createLiveQueryServer($&)';
  return replaced(enabled, /app\.listen\(PORT\)/, served);
}

function parseServerFirst(lines: string): string {
  const line = /^import .* from 'parse-server';\n/m;
  return (line.exec(lines)?.[0] ?? '') + replaced(lines, line, '');
}

/** Returns the same lines as a CommonJS module. */
function asCommonJs(lines: string): string {
  const required = lines.replace(/^import (.+) from ('.+');$/gm, 'const $1 = require($2);');
  return `(async () => {\n${required}\n})();\n`;
}

function replaced(text: string, what: string | RegExp, by: string): string {
  const changed = text.replace(what, by);
  if (changed === text) throw new Error(`The README's host does not contain ${String(what)}.`);
  return changed;
}

const CLOUD = `
import { createHubClient } from 'parse-integration-hub/client';
Parse.Cloud.define('greet', ({ params }) => \`Hello, \${params.name}\`);
Parse.Cloud.beforeSave('Note', ({ object }) => {
  object.set('stamped', true);
});
Parse.Cloud.job('tidy', () => 'tidied');
Parse.Cloud.define('webhooksOf', ({ user, params }) =>
  createHubClient(Parse, { sessionToken: user.getSessionToken() }).getWebhooks(params),
);
Parse.Cloud.define('publishAsMaster', ({ params }) =>
  createHubClient(Parse, { useMasterKey: true }).publishEvent({ type: 'note.published', data: {}, ...params }),
);
`;
