import { join, relative } from 'node:path';

import { hubAddresses } from '../../src/http/addresses.js';
import { VERSION } from '../../src/version.js';
import { canReachOwnReceiver, DEMO_USER } from './firstDelivery.js';
import type { Launched } from './launch.js';
import { paint, say } from './say.js';
import { publicUrls } from './urls.js';

export interface Announcement {
  readonly launched: Launched;
  /** Whether this start created the demo user. */
  readonly hasNewDemo: boolean;
}

/** Prints all addresses and how to log in. Generated passwords are shown only by the start that generated them. */
export function announce({ launched, hasNewDemo }: Announcement): void {
  const { settings, secrets, dataFolder, hasNewSecrets } = launched;
  const urls = publicUrls(settings);
  const file = fromHere(join(dataFolder, 'secrets.json'));
  const row = (name: string, url: string, note: string) => {
    say(`  ${name.padEnd(13)}${paint('bold', url)}  ${paint('dim', note)}`);
  };
  const passwordNote = (name: string) => `password: ${name} in ${file}`;
  const dashboardPassword =
    settings.DASHBOARD_PASSWORD !== undefined
      ? 'password: DASHBOARD_PASSWORD'
      : hasNewSecrets
        ? `password ${secrets.dashboardPassword}`
        : passwordNote('dashboardPassword');
  say();
  say(paint('bold', `Integration Hub ${VERSION} is ready`));
  row('Dashboard', urls.dashboard, `user ${settings.DASHBOARD_USER}, ${dashboardPassword}`);
  row('Parse Server', urls.parse, `application id ${settings.APP_ID}`);
  const { openApi, ready } = hubAddresses;
  row('Hub', urls.hub + openApi.path, openApi.summary);
  row('Health', urls.hub + ready.path, ready.summary);
  if (hasNewDemo || secrets.demoReceiver !== undefined) {
    const password = hasNewDemo ? `password ${secrets.demoPassword}` : passwordNote('demoPassword');
    say(`  ${'Demo user'.padEnd(13)}${DEMO_USER}, ${password}`);
  }
  const database = settings.DATABASE_URI === undefined ? 'embedded PostgreSQL' : 'DATABASE_URI';
  say(`  ${'Listens on'.padEnd(13)}${settings.BIND_ADDRESS}:${String(settings.PORT)}`);
  say(`  ${'Data'.padEnd(13)}${database}, secrets in ${file}`);
  if (settings.HUB_ALLOWED_TARGETS === undefined && canReachOwnReceiver(launched.allowedTargets)) {
    say(
      paint(
        'dim',
        '  This is a development server: webhooks to 127.0.0.1 are allowed. See HUB_ALLOWED_TARGETS.',
      ),
    );
  }
  say(paint('dim', '  Ctrl-C stops it.'));
}

function fromHere(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
