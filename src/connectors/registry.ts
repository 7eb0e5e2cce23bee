import type { AuthSpec, ConnectorSpec } from '../contract/index.js';
import { connectorErrors } from './errors.js';

/** Every connector that this process knows: the templates, and those that the host registered. */
export interface Connectors {
  list(): readonly ConnectorSpec[];
  /** Throws ConnectorNotFound. */
  get(key: string): ConnectorSpec;
  /** The way of that name, or the recommended one. Throws WayNotFound. */
  getWay(
    connector: ConnectorSpec,
    name: string | undefined,
  ): readonly [name: string, way: AuthSpec];
}

/** Throws an Error when two have the same key, or one depends on another that is not there. */
export function createConnectors(specs: readonly ConnectorSpec[]): Connectors {
  const byKey = new Map<string, ConnectorSpec>();
  for (const spec of specs) {
    if (byKey.has(spec.key)) throw new Error(`There are two connectors by the key ${spec.key}.`);
    byKey.set(spec.key, spec);
  }
  for (const { key, dependsOn = [] } of specs) {
    const missing = dependsOn.find((other) => !byKey.has(other));
    if (missing !== undefined) {
      throw new Error(`The connector ${key} depends on ${missing}, which is not there.`);
    }
  }
  const sorted = [...specs].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return {
    list: () => sorted,
    get(key) {
      const spec = byKey.get(key);
      if (!spec) throw connectorErrors.ConnectorNotFound({ connector: key });
      return spec;
    },
    getWay(connector, name) {
      const found = Object.entries(connector.auth).find(
        ([known]) => name === undefined || known === name,
      );
      if (!found) {
        const ways = Object.keys(connector.auth).join(', ');
        throw connectorErrors.WayNotFound({ connector: connector.key, ways });
      }
      return found;
    },
  };
}
