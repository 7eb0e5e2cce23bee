import type { AuthSpec, ConnectorSpec, Page, PageRequest } from '../contract/index.js';
import { decodeCursor, encodeCursor } from '../platform/cursor.js';
import { connectorErrors } from './errors.js';

interface ConnectorFilter {
  readonly category?: string | undefined;
  /** Part of a name or description; case does not matter. */
  readonly search?: string | undefined;
}

/** Every connector that this process knows: the templates, and those that the host registered. */
export interface Connectors {
  list(): readonly ConnectorSpec[];
  /** Lists the matching connectors by name. Throws InvalidCursor. */
  page(filter: ConnectorFilter, request: PageRequest): Page<ConnectorSpec>;
  /** Throws ConnectorNotFound. */
  get(key: string): ConnectorSpec;
  /** Returns the auth method of that name; default: the recommended one. Throws AuthMethodNotFound. */
  getAuthMethod(connector: ConnectorSpec, name: string | undefined): NamedAuthMethod;
}

/** An auth method of a connector, and its name, which connections store. */
interface NamedAuthMethod {
  readonly name: string;
  readonly authMethod: AuthSpec;
}

/** Throws an Error when two connectors have the same key, or one depends on another that is missing. */
export function createConnectors(specs: readonly ConnectorSpec[]): Connectors {
  const byKey = new Map<string, ConnectorSpec>();
  for (const spec of specs) {
    if (byKey.has(spec.key))
      throw new Error(`Two connectors have the key ${spec.key}. Give one of them another key.`);
    byKey.set(spec.key, spec);
  }
  for (const { key, dependsOn = [] } of specs) {
    const missing = dependsOn.find((other) => !byKey.has(other));
    if (missing !== undefined) {
      throw new Error(
        `The connector ${key} depends on ${missing}, which is not registered. Add that connector, or remove it from dependsOn.`,
      );
    }
  }
  const sorted = [...specs].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return {
    list: () => sorted,
    page(filter, { limit, cursor }) {
      const first = cursor === undefined ? 0 : positionOf(sorted, cursor) + 1;
      const found = sorted.slice(first).filter((connector) => matches(connector, filter));
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return {
        items,
        ...(last && found.length > limit && { nextCursor: cursorOf(last) }),
      };
    },
    get(key) {
      const spec = byKey.get(key);
      if (!spec) throw connectorErrors.ConnectorNotFound({ connector: key });
      return spec;
    },
    getAuthMethod(connector, name) {
      const [first] = Object.keys(connector.auth);
      const wanted = name ?? first;
      const authMethod =
        wanted !== undefined && Object.hasOwn(connector.auth, wanted)
          ? connector.auth[wanted]
          : undefined;
      if (wanted === undefined || !authMethod) {
        const authMethods = Object.keys(connector.auth).join(', ');
        throw connectorErrors.AuthMethodNotFound({ connector: connector.key, authMethods });
      }
      return { name: wanted, authMethod };
    },
  };
}

function matches({ name, description, ...connector }: ConnectorSpec, filter: ConnectorFilter) {
  const { category, search = '' } = filter;
  const text = `${name} ${description}`.toLowerCase();
  return (
    (category === undefined || connector.category === category) &&
    text.includes(search.toLowerCase())
  );
}

const LIST = 'Connector';

/** Returns a cursor with the key of the last connector, so that connectors added meanwhile do not shift the pages. */
function cursorOf({ key }: ConnectorSpec): string {
  return encodeCursor(LIST, [key]);
}

function positionOf(sorted: readonly ConnectorSpec[], cursor: string): number {
  return decodeCursor(LIST, cursor, ([key]) => {
    const position = sorted.findIndex((connector) => connector.key === key);
    return position === -1 ? undefined : position;
  });
}
