import path from 'node:path';

import { refusalOf } from '../support/hostFixtures/plainHost.js';
import type { Json } from '../support/hub.js';
import { useFolders, useInstalledStore } from './setting.js';

const hosts = useInstalledStore();
const folderWith = useFolders();

describe('a start that is refused', () => {
  const define = (name: string) => (Parse: Json) => Parse.Cloud.define(name, () => 'the host’s');
  const job = (name: string) => (Parse: Json) => Parse.Cloud.job(name, () => 'the host’s');

  it('names the function that the host has as well', async () => {
    expect(await refusalOf(hosts.store(), { host: { cloud: define('publishEvent') } })).toBe(
      "The hub's cloud functions publishEvent would replace functions of yours. Set functionPrefix in the options of createIntegrationHub (HUB_FUNCTION_PREFIX), or rename yours.",
    );
    const prefixed = { cloud: define('hub_getEvent') };
    expect(
      await refusalOf(hosts.store(), { host: prefixed, hub: { functionPrefix: 'hub_' } }),
    ).toMatch(/hub_getEvent/);
  });

  it('names the job that the host has as well', async () => {
    expect(await refusalOf(hosts.store(), { host: { cloud: job('pruneHistory') } })).toMatch(
      /^The hub's jobs pruneHistory have the names of jobs of yours\. Set jobPrefix in the options of createIntegrationHub \(HUB_JOB_PREFIX\), or rename yours\.$/,
    );
  });

  it.each([
    [
      './cloud/missing.js',
      /^The option cloud of ParseServer is "\.\/cloud\/missing\.js", and there is no such file: \/.*\/cloud\/missing\.js\. /,
    ],
    ['cloud', /^The option cloud of ParseServer is "cloud", and there is no such file: /],
    [7, /^The option cloud of ParseServer must be a function or a path\.$/],
  ])('describes the problem with the cloud code %j', async (cloud, sentence) => {
    expect(await refusalOf(hosts.store(), { host: { cloud } })).toMatch(sentence);
  });

  it('does not happen for a path without its extension, which require() finds', async () => {
    const folder = folderWith({ 'main.cjs': '', 'index.js': '' });
    expect(await refusalOf(hosts.store(), { host: { cloud: folder } })).toBe('');
  });

  it('passes on Node’s error for a missing import in cloud code', async () => {
    const folder = folderWith({ 'main.mjs': "import './gone.mjs';" });
    const cloud = path.join(folder, 'main.mjs');
    expect(await refusalOf(hosts.store(), { host: { cloud } })).toMatch(/gone/);
  });
});
