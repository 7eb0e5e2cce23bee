import { LOOPBACK_TARGETS, type Settings } from '../../src/platform/settings.js';
import { checkPort, checkRouter, checkTexts } from './checks.js';
import { checkDatabase, maskUri } from './databaseCheck.js';
import { openDataFolder } from './dataFolder.js';
import { startEmbeddedPostgres } from './embeddedPostgres.js';
import { checkSecretsDiffer, readSettings } from './readSettings.js';
import { sayProblem, sayProgress } from './say.js';
import { openSecrets, type Secrets } from './secrets.js';
import type { Shutdown } from './shutdown.js';
import { type Counts, keepCounts } from './trueCounts.js';
import { isDevelopment } from './urls.js';

export interface Launched {
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** Whether this start generated the secrets. */
  readonly hasNewSecrets: boolean;
  /** DATA_DIR, absolute. */
  readonly dataFolder: string;
  readonly allowedTargets: string;
  /** Only for the embedded database. */
  readonly counts: Counts | undefined;
}

/**
 * Checks the settings, opens the data folder, starts the embedded database unless DATABASE_URI is set, and serves. Throws a
 * `StartProblem` for each problem that the user can fix. `shutdown` stops whatever was started before.
 */
export async function launch(
  environment: NodeJS.ProcessEnv,
  shutdown: Shutdown,
): Promise<Launched> {
  const settings = readSettings(environment);
  checkRouter();
  checkTexts(settings.HUB_BRAND_TEXTS);
  await checkPort({ port: settings.PORT, address: settings.BIND_ADDRESS });
  // Otherwise Parse Server writes its log to ./logs as soon as it is loaded, whatever its options are.
  process.env['PARSE_SERVER_LOGS_FOLDER'] ??= 'null';
  // Loaded after the checks, as a wrong router or Node would fail without a clear message, and while the database starts.
  const loading = import('./serve.js');
  loading.catch(() => undefined);
  const connectors = await (await import('./connectors.js')).loadConnectors(settings);
  if (connectors.length > 0)
    sayProgress(`Connectors: ${connectors.map(({ key }) => key).join(', ')}`);
  const dataFolder = await openDataFolder(settings.DATA_DIR);
  const { secrets, isNew, repaired } = await openSecrets(dataFolder);
  if (repaired !== undefined) sayProblem(repaired);
  checkSecretsDiffer({
    HUB_SECRET: settings.HUB_SECRET ?? secrets.hubSecret,
    MASTER_KEY: settings.MASTER_KEY ?? secrets.masterKey,
    DASHBOARD_PASSWORD: settings.DASHBOARD_PASSWORD ?? secrets.dashboardPassword,
  });
  const databaseUri = await openDatabase(settings, { dataFolder, secrets, shutdown });
  const allowedTargets = allowedTargetsOf(settings, environment);
  sayProgress('Starting Parse Server and the hub');
  const { serve } = await loading;
  const query = await serve({
    settings,
    secrets,
    databaseUri,
    allowedTargets,
    connectors,
    shutdown,
  });
  // The hub does not update the statistics of a database that it does not own.
  const counts = query && settings.DATABASE_URI === undefined ? keepCounts(query) : undefined;
  if (counts) shutdown.add(() => counts.stop());
  return {
    counts,
    settings,
    secrets,
    hasNewSecrets: isNew,
    dataFolder,
    allowedTargets,
  };
}

/**
 * Returns the private targets that webhooks may reach. A development server allows 127.0.0.1 by default, because receivers are
 * tested on the same machine. A public server allows no private target by default.
 */
function allowedTargetsOf(settings: Settings, { NODE_ENV }: NodeJS.ProcessEnv): string {
  if (settings.HUB_ALLOWED_TARGETS !== undefined) return settings.HUB_ALLOWED_TARGETS;
  return isDevelopment(settings) && NODE_ENV !== 'production' ? LOOPBACK_TARGETS : '';
}

interface DatabaseOptions {
  readonly dataFolder: string;
  readonly secrets: Secrets;
  readonly shutdown: Shutdown;
}

async function openDatabase(settings: Settings, options: DatabaseOptions): Promise<string> {
  const { dataFolder, secrets, shutdown } = options;
  if (settings.DATABASE_URI !== undefined) {
    sayProgress(`Connecting to ${maskUri(settings.DATABASE_URI)}`);
    await checkDatabase(settings.DATABASE_URI);
    return settings.DATABASE_URI;
  }
  const database = await startEmbeddedPostgres({
    dataFolder,
    password: secrets.databasePassword,
    progress: sayProgress,
  });
  let isStopping = false;
  shutdown.add(() => {
    isStopping = true;
    return database.stop();
  });
  void database.ended.then(() => {
    if (isStopping) return;
    sayProblem(
      `The embedded PostgreSQL ended unexpectedly: its output is in ${dataFolder}/postgres.log`,
    );
    void shutdown.exit(1);
  });
  return database.uri;
}
