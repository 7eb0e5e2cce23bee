import { readdir, readFile, stat } from 'node:fs/promises';
import { register } from 'node:module';
import { extname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { connectorFromOpenApi } from '../../src/connectors/index.js';
import { type ConnectorSpec, problemsOfConnector } from '../../src/contract/index.js';
import type { Settings } from '../../src/platform/settings.js';
import { templates } from '../../templates/index.js';
import { errorCode } from './errorCode.js';
import { StartProblem } from './startProblem.js';

const DEFAULT_FOLDER = 'connectors';

const MODULES: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']);

/** What npm and TypeScript keep beside modules. */
const NO_DOCUMENTS: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
]);

/** A connector and the file that it is from, as a person would name it. */
interface Found {
  readonly file: string;
  readonly connector: ConnectorSpec;
}

/**
 * The connectors in HUB_CONNECTORS_DIR: of each OpenAPI document, and those that modules export. Also makes sure that
 * HUB_OAUTH_CLIENTS names connectors that are there. Throws a `StartProblem` that names the file and what is wrong with it.
 */
export async function loadConnectors(settings: Settings): Promise<ConnectorSpec[]> {
  const folder = await findFolder(settings.HUB_CONNECTORS_DIR);
  const connectors = folder === undefined ? [] : await loadFolder(folder);
  checkClients(settings, [...templates, ...connectors]);
  return connectors;
}

async function findFolder(given: string | undefined): Promise<string | undefined> {
  const folder = resolve(given ?? DEFAULT_FOLDER);
  const shown = `HUB_CONNECTORS_DIR ${folder}`;
  try {
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT';
    if (isMissing && given === undefined) return undefined;
    const reason = isMissing ? 'does not exist' : `cannot be read (${errorCode(error)})`;
    throw new StartProblem(
      `${shown} ${reason}: name the folder of your connectors, or leave it unset`,
    );
  }
  throw new StartProblem(`${shown} is a file, not a folder: name the folder that it is in`);
}

async function loadFolder(folder: string): Promise<ConnectorSpec[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new StartProblem(
      `HUB_CONNECTORS_DIR ${folder} cannot be read (${errorCode(error)}): let this user read it`,
    );
  });
  const names = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  const found: Found[] = [];
  for (const name of names) found.push(...(await loadFile(join(folder, name), name)));
  checkKeys(found);
  return found.map(({ connector }) => connector);
}

async function loadFile(path: string, name: string): Promise<Found[]> {
  const file = shownPath(path);
  const withFile = (connector: ConnectorSpec): Found => ({ file, connector });
  try {
    const extension = extname(name).toLowerCase();
    if (extension === '.yaml' || extension === '.yml') {
      throw new Error(
        'OpenAPI documents are read as JSON: convert it, for example with yq -o=json',
      );
    }
    if (extension === '.json' && !NO_DOCUMENTS.has(name))
      return [withFile(await ofDocument(path, name))];
    if (MODULES.has(extension) && !/\.d\.[cm]?ts$/.test(name))
      return (await ofModule(path)).map(withFile);
    return [];
  } catch (error) {
    throw new StartProblem(`The connector ${file} cannot be used: ${reasonOf(error)}`);
  }
}

async function ofDocument(path: string, name: string): Promise<ConnectorSpec> {
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  return connectorFromOpenApi(text, { key: keyOf(name) });
}

/** `acmeCrm` of acme-crm.json and of acme_crm.openapi.json. */
function keyOf(name: string): string {
  const [first = '', ...others] = name
    .replace(/(\.openapi|\.swagger)?\.json$/i, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '');
  const capitalized = others.map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  const key = first.charAt(0).toLowerCase() + first.slice(1) + capitalized.join('');
  if (/^[a-z]/.test(key)) return key;
  throw new Error('its name, from which the key is made, must begin with a letter from a to z');
}

let isRegistered = false;

async function ofModule(path: string): Promise<ConnectorSpec[]> {
  if (!isRegistered) register('./resolveHub.mjs', import.meta.url);
  isRegistered = true;
  const exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const connectors = [...new Set(Object.values(exported).flat())].filter(isConnector);
  if (connectors.length === 0) {
    throw new Error('it exports no connector: export one made with defineConnector');
  }
  for (const connector of connectors) {
    const problems = problemsOfConnector(connector);
    if (problems.length > 0) throw new Error(problems.join('; '));
  }
  return connectors;
}

function isConnector(value: unknown): value is ConnectorSpec {
  return typeof value === 'object' && value !== null && 'key' in value && 'actions' in value;
}

function checkKeys(found: readonly Found[]): void {
  const builtIn = new Set(templates.map(({ key }) => key));
  const files = new Map<string, string>();
  for (const { file, connector } of found) {
    const { key, dependsOn = [] } = connector;
    const other = builtIn.has(key) ? 'one of the hub’s own' : files.get(key);
    if (other !== undefined) {
      throw new StartProblem(
        `The connector ${file} has the key ${key}, which is also that of ${other}: give it another`,
      );
    }
    files.set(key, file);
    const keys = [...builtIn, ...found.map((each) => each.connector.key)];
    const missing = dependsOn.find((needed) => !keys.includes(needed));
    if (missing !== undefined) {
      throw new StartProblem(`The connector ${file} depends on ${missing}, which is not there`);
    }
  }
}

/** A mistyped connector would be ignored without a word. What was typed is not repeated: it may be a secret in the wrong place. */
function checkClients(
  { HUB_OAUTH_CLIENTS = {} }: Settings,
  connectors: readonly ConnectorSpec[],
): void {
  const keys = new Set(connectors.map(({ key }) => key));
  if (Object.keys(HUB_OAUTH_CLIENTS).every((key) => keys.has(key))) return;
  throw new StartProblem(
    `HUB_OAUTH_CLIENTS must name connectors by their keys, which are ${[...keys].join(', ')}`,
  );
}

function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/** On one line, and not without end: a compiler's message has several, with the text around the mistake. */
function reasonOf(error: unknown): string {
  const { message = '' } = error as Partial<Error>;
  const text = (message || String(error)).replace(/^This OpenAPI document cannot be used: /, '');
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 500);
}
