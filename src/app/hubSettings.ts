import { reencryptSecrets } from '../../cloud/jobs/reencryptSecrets.js';
import { jobs as declaredJobs } from '../../cloud/manifest.js';
import { getEncryptionStatus } from '../../cloud/vault/getEncryptionStatus.js';
import { rotateEncryptionKey } from '../../cloud/vault/rotateEncryptionKey.js';
import { schemas } from '../../schemas/index.js';
import { checkTargets } from '../connectors/index.js';
import {
  type AnyFunction,
  type ConnectorSpec,
  defineConnector,
  type JobSpec,
} from '../contract/index.js';
import { storedClasses } from '../platform/storedClasses.js';
import { createScopes, type ScopeRegistry } from '../scopes/index.js';
import { type CheckedOptions, checkOptions } from './checkOptions.js';
import type { Composition } from './compose.js';
import { functionsOf } from './hostCloud.js';
import type { HubOptions } from './options.js';
import { namingOf } from './platform.js';
import type { Services } from './services.js';

/** The settings that a hub's options determine before Parse Server starts. */
export interface HubSettings extends Pick<Composition, 'scopes' | 'jobs' | 'rotationCalls'> {
  readonly options: CheckedOptions;
  readonly functions: readonly AnyFunction<Services>[];
  readonly jobs: readonly JobSpec<Services>[];
  /** Connectors of the options and those registered since. */
  readonly connectors: ConnectorSpec[];
}

/** Checks the options of a host. Throws an Error that names each wrong one. */
export function hubSettings(given: HubOptions): HubSettings {
  const options = checkOptions(given);
  for (const connector of options.connectors) checkTargets(connector, targetsOf(options));
  const { functionPrefix, jobPrefix } = options;
  const functions = functionsOf({ ownOrganizations: options.organizations === undefined });
  const scopes = createScopes(options.scopes, {
    classes: classNamesOf(options),
    functions: new Set(functions.map(({ name }) => functionPrefix + name)),
  });
  checkResources(options, scopes);
  return {
    options,
    functions,
    jobs: declaredJobs.map((job) => ({ ...job, name: jobPrefix + job.name })),
    connectors: [...options.connectors],
    scopes,
    rotationCalls: {
      rotateFunction: functionPrefix + rotateEncryptionKey.name,
      statusFunction: functionPrefix + getEncryptionStatus.name,
      reencryptJob: jobPrefix + reencryptSecrets.name,
    },
  };
}

/** Throws when a resource names a scope that does not exist, or is the hub itself. */
function checkResources(
  { resources, publicUrl }: CheckedOptions,
  scopes: Pick<ScopeRegistry, 'isGrantable'>,
): void {
  resources.forEach(({ identifier, scopes: names }, nth) => {
    const position = `resources.${String(nth)}`;
    const unknown = names.find((name) => !scopes.isGrantable(name));
    if (unknown !== undefined)
      throw new Error(
        `The options of createIntegrationHub are not valid. ${position}.scopes: there is no scope ${unknown}. Define it in the option scopes.`,
      );
    if (identifier === publicUrl)
      throw new Error(
        `The options of createIntegrationHub are not valid. ${position}.identifier: this is the hub itself, which needs no entry.`,
      );
  });
}

function targetsOf({ allowHttp, allowedTargets: allowed }: CheckedOptions) {
  return { allowHttp, allowed };
}

/** Returns a connector that is well formed and calls only what the options allow; throws otherwise. */
export function checkConnector(connector: ConnectorSpec, options: CheckedOptions): ConnectorSpec {
  const checked = defineConnector(connector);
  checkTargets(checked, targetsOf(options));
  return checked;
}

/** Returns the stored names of the classes that the hub creates. */
export function classNamesOf(options: CheckedOptions): ReadonlySet<string> {
  const { stored, isMade } = storedClasses(namingOf(options));
  return new Set(schemas.filter(isMade).map((cls) => stored(cls).name));
}
