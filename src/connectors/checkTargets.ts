import type { AuthSpec, ConnectorSpec } from '../contract/index.js';
import { readTarget, type TargetPolicy } from '../platform/http/index.js';

/**
 * Throws an Error when a connector declares a plain http URL that the hub's options do not allow. A URL with fields is
 * checked when the fields are filled in.
 */
export function checkTargets({ key, servers, auth }: ConnectorSpec, targets: TargetPolicy): void {
  const urls = [...Object.values(servers), ...Object.values(auth).flatMap(addressesIn)];
  const plain = urls.filter((url) => /^http:\/\/[^/{]+(?:\/|$)/i.test(url));
  const refused = plain.find((url) => readTarget(url.replace(/\{.*$/, ''), targets).problem);
  if (refused === undefined) return;
  throw new Error(
    `The connector ${key} has the URL ${refused}, which uses plain http. Add its host to allowedTargets (HUB_ALLOWED_TARGETS), set allowHttp (HUB_ALLOW_HTTP), or use the service's https URL; for an OpenAPI document pass server or upgradeHttp.`,
  );
}

/** Returns every URL of an auth method. */
function addressesIn(authMethod: AuthSpec): string[] {
  return [authMethod, ...(Object.values(authMethod) as unknown[])].flatMap((part) =>
    typeof part === 'object' && part !== null
      ? Object.entries(part).flatMap(([name, value]: [string, unknown]) =>
          /^url$|Url$/.test(name) && typeof value === 'string' ? [value] : [],
        )
      : [],
  );
}
