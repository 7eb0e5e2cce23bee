import { z } from 'zod';

import { secretFieldsOf } from '../../src/connectors/index.js';
import {
  type AnyAction,
  type AuthSpec,
  CATEGORIES,
  type ConnectorSpec,
  type FieldSpec,
  needsConsent,
} from '../../src/contract/index.js';

const field = z.strictObject({
  name: z.string(),
  title: z.string(),
  type: z
    .enum(['text', 'secret', 'host', 'url', 'path', 'choice'])
    .describe('The kind of field. The value of a secret is never shown again.'),
  required: z.boolean(),
  pattern: z.string().optional().describe('A regular expression that the whole value must match.'),
  choices: z.array(z.string()).optional(),
  help: z.string().optional(),
  example: z.string().optional(),
});

const authMethod = z.strictObject({
  name: z.string(),
  kind: z.string(),
  consent: z
    .boolean()
    .describe('Whether a user must consent: then use startConnection, otherwise createConnection.'),
  title: z.string().optional(),
  credential: z
    .array(field)
    .describe('The fields to fill in; with consent, those of the OAuth client.'),
  scopes: z.record(z.string(), z.string()).optional().describe('Each scope with its description.'),
});

/** A connector as lists return it. */
export const connectorSummary = z.strictObject({
  key: z.string(),
  name: z.string(),
  category: z.enum(CATEGORIES),
  description: z.string(),
  docs: z.string().describe('The service’s own documentation.'),
  support: z
    .enum(['community', 'verified', 'official'])
    .describe('official: tested against an emulator or the service. verified: reviewed.'),
  version: z.string(),
});

/** All data that a user interface needs to connect a service and to offer its actions. */
export const connectorDetails = connectorSummary.extend({
  setup: z.array(z.string()).describe('The steps to connect the service.'),
  fields: z.array(field).describe('The fields to fill in besides the credential.'),
  authMethods: z.array(authMethod).describe('The auth methods, the recommended one first.'),
  actions: z.array(
    z.strictObject({
      name: z.string(),
      summary: z.string(),
      docs: z.string(),
      risk: z.enum(['read', 'write']),
      scopes: z
        .array(z.union([z.string(), z.array(z.string())]))
        .describe('The required scopes: each entry, and of an entry that is a list any one.'),
      input: z.record(z.string(), z.unknown()).optional().describe('JSON Schema.'),
      output: z.record(z.string(), z.unknown()).optional().describe('JSON Schema.'),
    }),
  ),
});

export function showConnector({
  key,
  name,
  category,
  description,
  docs,
  support,
  version,
}: ConnectorSpec): z.input<typeof connectorSummary> {
  return { key, name, category, description, docs, support, version };
}

/** Selects the details of actions to return: a connector made from an OpenAPI document can have thousands. */
export interface ActionView {
  /** The names of the actions to return. Default: all. */
  readonly names?: readonly string[] | undefined;
  readonly hasSchemas: boolean;
}

export function showDetails(
  connector: ConnectorSpec,
  { names, hasSchemas }: ActionView,
): z.input<typeof connectorDetails> {
  const shown = connector.actions.filter(({ name }) => names?.includes(name) ?? true);
  return {
    ...showConnector(connector),
    setup: [...connector.setup],
    fields: Object.entries(connector.fields ?? {}).map(showField),
    authMethods: Object.entries(connector.auth).map(showAuthMethod),
    actions: shown.map((action) => ({
      ...showAction(action),
      ...(hasSchemas && schemasOf(action)),
    })),
  };
}

function showField([name, spec]: readonly [string, FieldSpec]): z.input<typeof field> {
  const { choices, required = true, ...others } = spec;
  return { name, ...others, required, ...(choices && { choices: [...choices] }) };
}

function showAuthMethod([name, spec]: readonly [string, AuthSpec]): z.input<typeof authMethod> {
  return {
    name,
    kind: spec.kind,
    consent: needsConsent(spec),
    ...(spec.title !== undefined && { title: spec.title }),
    credential: Object.entries(secretFieldsOf(spec)).map(showField),
    ...('scopes' in spec && { scopes: { ...spec.scopes } }),
  };
}

function showAction({ name, summary, docs, risk, scopes = [] }: AnyAction) {
  return {
    name,
    summary,
    docs,
    risk,
    scopes: scopes.map((scope) => (typeof scope === 'string' ? scope : [...scope])),
  };
}

function schemasOf({ input, output }: AnyAction) {
  const schema = (type: unknown, io: 'input' | 'output') =>
    z.toJSONSchema(type as z.ZodType, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  return { input: schema(input, 'input'), output: schema(output, 'output') };
}

export const connectorExample: z.input<typeof connectorSummary> = {
  key: 'slack',
  name: 'Slack',
  category: 'communication',
  description: 'Send messages, read channels and people, and receive the events of a workspace.',
  docs: 'https://docs.slack.dev/reference/methods',
  support: 'verified',
  version: '1.0.0',
};
