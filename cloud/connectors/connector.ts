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
    .describe('A secret is never shown again.'),
  required: z.boolean(),
  pattern: z.string().optional().describe('A regular expression that the whole value matches.'),
  choices: z.array(z.string()).optional(),
  help: z.string().optional(),
  example: z.string().optional(),
});

const authMethod = z.strictObject({
  name: z.string(),
  kind: z.string(),
  consent: z
    .boolean()
    .describe('Whether it needs a person’s consent: startConnection. Else createConnection.'),
  title: z.string().optional(),
  credential: z
    .array(field)
    .describe('What is filled in; where it needs consent, the OAuth client.'),
  scopes: z.record(z.string(), z.string()).optional().describe('Each scope in words.'),
});

/** A connector as lists show it. */
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

/** Everything that a screen needs to connect a service and to offer its actions. */
export const connectorDetails = connectorSummary.extend({
  setup: z.array(z.string()).describe('What a person does to connect, step by step.'),
  fields: z.array(field).describe('What is filled in besides the credential.'),
  authMethods: z.array(authMethod).describe('The ways to connect, the recommended one first.'),
  actions: z.array(
    z.strictObject({
      name: z.string(),
      summary: z.string(),
      docs: z.string(),
      risk: z.enum(['read', 'write']),
      scopes: z
        .array(z.union([z.string(), z.array(z.string())]))
        .describe('All of them; of a list any one.'),
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

/** How much is shown of what a connector can do: one made from an OpenAPI document has thousands of actions. */
export interface ActionView {
  /** Only these, by name; left out: all. */
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
  const { choices, required = true, ...rest } = spec;
  return { name, ...rest, required, ...(choices && { choices: [...choices] }) };
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
  description: 'Send messages, read channels and people, and be told what happens in a workspace.',
  docs: 'https://docs.slack.dev/reference/methods',
  support: 'verified',
  version: '1.0.0',
};
