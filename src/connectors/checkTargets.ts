import type { AuthSpec, ConnectorSpec } from '../contract/index.js';
import { readTarget, type TargetPolicy } from '../platform/http/index.js';

/**
 * Throws an Error when an address that a connector itself declares is http:// and the hub's options do not let it through.
 * Addresses with fields in them are judged when somebody fills these in.
 */
export function checkTargets({ key, servers, auth }: ConnectorSpec, targets: TargetPolicy): void {
  const urls = [...Object.values(servers), ...Object.values(auth).flatMap(addressesIn)];
  const plain = urls.filter((url) => /^http:\/\/[^/{]+(?:\/|$)/i.test(url));
  const refused = plain.find((url) => readTarget(url.replace(/\{.*$/, ''), targets).problem);
  if (refused === undefined) return;
  throw new Error(
    `The connector ${key} has the address ${refused}, which is plain http. Add its host to allowedTargets (HUB_ALLOWED_TARGETS), set allowHttp (HUB_ALLOW_HTTP), or give the service's https address; for an OpenAPI document pass server or upgradeHttp.`,
  );
}

/** Every address of an auth method, whatever it is for. */
function addressesIn(authMethod: AuthSpec): string[] {
  return [authMethod, ...(Object.values(authMethod) as unknown[])].flatMap((part) =>
    typeof part === 'object' && part !== null
      ? Object.entries(part).flatMap(([name, value]: [string, unknown]) =>
          /^url$|Url$/.test(name) && typeof value === 'string' ? [value] : [],
        )
      : [],
  );
}
