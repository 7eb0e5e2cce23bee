import { readmeBlocks } from './readmeBlocks.js';

/** README's host in one of the forms in which it can be written: module system, and which import comes first. */
export interface HostForm {
  readonly modules: 'ES modules' | 'CommonJS';
  readonly first: 'parse-integration-hub' | 'parse-server';
}

/** The files of a host: README's lines, LiveQuery for its class `Note`, and cloud code of its own. */
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

/** The lines that README gives for a server of the reader's own. */
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

/** The same lines as somebody writes them who has no ES modules. */
function asCommonJs(lines: string): string {
  const required = lines.replace(/^import (.+) from ('.+');$/gm, 'const $1 = require($2);');
  return `(async () => {\n${required}\n})();\n`;
}

function replaced(text: string, what: string | RegExp, by: string): string {
  const changed = text.replace(what, by);
  if (changed === text) throw new Error(`README's host has no ${String(what)}.`);
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
  createHubClient(Parse, { useMasterKey: true }).publishEvent({ type: 'note.told', data: {}, ...params }),
);
`;
