import { z } from 'zod';

import type { Connectors } from '../../src/connectors/index.js';
import type { ExtensionRow } from '../../src/extensions/index.js';

export const connectorKey = z
  .string()
  .min(1)
  .max(64)
  .describe('The key of a connector: getConnectors lists them.');

export const configurationParams = {
  fields: z
    .record(z.string().max(64), z.string().max(8_192))
    .optional()
    .describe('Values of the connector’s fields that new connections begin with.'),
  client: z
    .strictObject({
      clientId: z.string().min(1).max(500),
      clientSecret: z.string().min(1).max(4_096),
    })
    .optional()
    .describe('The organization’s own OAuth client, for all its connections to the service.'),
  version: z
    .string()
    .max(20)
    .optional()
    .describe('The version of the connector to accept. Default: the current one.'),
};

/** An extension as functions return it: without the secret of its client. */
export const extension = z.strictObject({
  id: z.string(),
  connector: z.string(),
  version: z.string().describe('The version that the organization accepted.'),
  latestVersion: z.string().describe('The version that the hub has.'),
  fields: z.record(z.string(), z.string()),
  clientId: z.string().optional().describe('The id of the organization’s own OAuth client.'),
  configuredAt: z.iso.datetime().optional(),
  createdAt: z.iso.datetime(),
});

export function showExtension(
  { connectors }: { readonly connectors: Connectors },
  row: ExtensionRow,
): z.input<typeof extension> {
  const { id, connector, version, fields, clientId, configuredAt, createdAt } = row;
  const known = connectors.list().find(({ key }) => key === connector);
  return {
    id,
    connector,
    version,
    fields,
    latestVersion: known?.version ?? version,
    ...(clientId !== undefined && { clientId }),
    ...(configuredAt && { configuredAt: configuredAt.toISOString() }),
    createdAt: createdAt.toISOString(),
  };
}

export const extensionExample: z.input<typeof extension> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pdg',
  connector: 'slack',
  version: '1.0.0',
  latestVersion: '1.0.0',
  fields: {},
  clientId: '1234567890.1234567890',
  configuredAt: '2026-01-02T03:04:05.000Z',
  createdAt: '2026-01-02T03:04:05.000Z',
};
