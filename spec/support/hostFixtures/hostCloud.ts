import type { ParseSdk } from '../../../src/platform/parse/index.js';

interface Called {
  readonly params: Readonly<Record<string, unknown>>;
  readonly user?: { getSessionToken(): string };
}

interface Saved {
  readonly object: { set(name: string, value: unknown): void };
}

/** Parse's own types require more than a host's plain functions declare. */
interface Cloud {
  define(name: string, run: (request: Called) => unknown): void;
  job(name: string, run: (request: { message(text: string): void }) => unknown): void;
  beforeSave(target: unknown, run: (request: Saved) => void): void;
  afterSave(target: unknown, run: (request: Saved) => void): void;
  run(name: string, params: object, options: object): Promise<unknown>;
}

/** Defines the cloud code of a host: functions, triggers on its classes and on users, a job. */
export function hostCloud(Parse: ParseSdk): void {
  const cloud = Parse.Cloud as unknown as Cloud;
  const saved: string[] = [];
  cloud.define('hostEcho', ({ params }) => ({ echo: params }));
  cloud.define('hostFails', () => {
    throw new Error('The host’s function failed.');
  });
  cloud.define('hostSaved', () => saved);
  // As the caller, and as the front-end would.
  cloud.define('hostCallsHub', ({ user }) =>
    cloud.run('getOrganizations', {}, { sessionToken: user?.getSessionToken() }),
  );
  cloud.beforeSave('HostThing', ({ object }) => {
    object.set('stamped', true);
  });
  cloud.afterSave('HostThing', () => void saved.push('HostThing'));
  cloud.beforeSave(Parse.User, ({ object }) => {
    object.set('greeting', 'welcome');
  });
  cloud.afterSave(Parse.User, () => void saved.push('_User'));
  cloud.job('hostJob', ({ message }) => {
    message('the host’s job runs');
    return 'the host’s job ran';
  });
}
