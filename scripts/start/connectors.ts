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

/** Files of npm and TypeScript, which are not OpenAPI documents. */
const NO_DOCUMENTS: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
]);

/** A connector and the path of its file, as messages show it. */
interface Found {
  readonly file: string;
  readonly connector: ConnectorSpec;
}

/**
 * Returns the connectors in HUB_CONNECTORS_DIR: one for each OpenAPI document, and those that modules export. Also checks that
 * HUB_OAUTH_CLIENTS names existing connectors. Throws a `StartProblem` that names the file and what is wrong with it.
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
      `${shown} ${reason}: set it to the folder of your connectors, or leave it unset`,
    );
  }
  throw new StartProblem(
    `${shown} is a file, not a folder: set it to the folder that contains the file`,
  );
}

async function loadFolder(folder: string): Promise<ConnectorSpec[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new StartProblem(
      `HUB_CONNECTORS_DIR ${folder} cannot be read (${errorCode(error)}): give this user permission to read it`,
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
      throw new Error('OpenAPI documents must be JSON: convert it, for example with yq -o=json');
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

/** Returns `acmeCrm` for acme-crm.json and for acme_crm.openapi.json. */
function keyOf(name: string): string {
  const [first = '', ...others] = name
    .replace(/(\.openapi|\.swagger)?\.json$/i, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '');
  const capitalized = others.map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  const key = first.charAt(0).toLowerCase() + first.slice(1) + capitalized.join('');
  if (/^[a-z]/.test(key)) return key;
  throw new Error(
    'the key is derived from the name of the file, which must begin with a letter from a to z',
  );
}

let isRegistered = false;

async function ofModule(path: string): Promise<ConnectorSpec[]> {
  if (!isRegistered) register('./resolveHub.mjs', import.meta.url);
  isRegistered = true;
  const exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const connectors = [...new Set(Object.values(exported).flat())].filter(isConnector);
  if (connectors.length === 0) {
    throw new Error('it exports no connector: export the result of defineConnector');
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
    const other = builtIn.has(key) ? 'a built-in connector' : files.get(key);
    if (other !== undefined) {
      throw new StartProblem(
        `The connector ${file} has the key ${key}, which ${other} has as well: give it another key`,
      );
    }
    files.set(key, file);
    const keys = [...builtIn, ...found.map((each) => each.connector.key)];
    const missing = dependsOn.find((needed) => !keys.includes(needed));
    if (missing !== undefined) {
      throw new StartProblem(
        `The connector ${file} depends on the connector ${missing}, which does not exist: add it, or correct dependsOn`,
      );
    }
  }
}

/** Throws for an unknown key, which would otherwise be ignored silently. Does not repeat it: it may be a misplaced secret. */
function checkClients(
  { HUB_OAUTH_CLIENTS = {} }: Settings,
  connectors: readonly ConnectorSpec[],
): void {
  const keys = new Set(connectors.map(({ key }) => key));
  if (Object.keys(HUB_OAUTH_CLIENTS).every((key) => keys.has(key))) return;
  throw new StartProblem(
    `HUB_OAUTH_CLIENTS contains a key that is not the key of a connector. The keys are ${[...keys].join(', ')}`,
  );
}

function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/** Returns the message on one line, at most 500 characters: a compiler's message has several lines of code around the error. */
function reasonOf(error: unknown): string {
  const { message = '' } = error as Partial<Error>;
  const text = (message || String(error)).replace(/^This OpenAPI document cannot be used: /, '');
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 500);
}
