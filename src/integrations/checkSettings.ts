import type { ConnectorSpec } from '../contract/index.js';
import { checkHeaders } from '../platform/http/index.js';
import { integrationErrors } from './errors.js';
import type { IntegrationSettings } from './settings.js';

/** Checks what depends on the connector. Throws SettingsNotUsable or HeaderNotAllowed. */
export function checkSettings(
  spec: ConnectorSpec,
  settings: IntegrationSettings,
): IntegrationSettings {
  checkHeaders(settings.headers, ['authorization', 'cookie', ...credentialHeaders(spec)]);
  const known = new Map(spec.actions.map((action) => [action.name, action]));
  const named = [...(settings.actions ?? []), ...(settings.cache?.actions ?? [])];
  const problems = [
    ...named.filter((name) => !known.has(name)).map((name) => `there is no action ${name}`),
    ...(settings.cache?.actions ?? [])
      .filter((name) => known.get(name)?.risk === 'write')
      .map((name) => `${name} writes and cannot be cached`),
    ...(settings.retry.maxMs < settings.retry.baseMs ? ['retry.maxMs is less than baseMs'] : []),
  ];
  if (problems.length > 0) {
    throw integrationErrors.SettingsNotUsable({ problems: problems.slice(0, 5).join('; ') });
  }
  return settings;
}

/** Returns the headers that carry the credential. */
function credentialHeaders({ auth }: ConnectorSpec): string[] {
  return Object.values(auth).flatMap((authMethod) => {
    if (authMethod.kind === 'custom') return Object.keys(authMethod.headers ?? {});
    return 'location' in authMethod && authMethod.location?.in === 'header'
      ? [authMethod.location.name]
      : [];
  });
}
