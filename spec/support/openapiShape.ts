import { z } from 'zod';

/**
 * The objects of OpenAPI 3.1 that our document may consist of, and nothing else: a misspelt or misplaced key is refused.
 * https://spec.openapis.org/oas/v3.1.1.html#schema-0
 */
const jsonSchema = z.record(z.string(), z.unknown());
const reference = (section: string) =>
  z.strictObject({ $ref: z.string().startsWith(`#/components/${section}/`) });

const media = z.strictObject({
  schema: jsonSchema,
  example: z.unknown().optional(),
  examples: z
    .record(z.string(), z.strictObject({ summary: z.string().optional(), value: z.unknown() }))
    .optional(),
});
const content = z.strictObject({ 'application/json': media });
const response = z.strictObject({ description: z.string().min(1), content: content.optional() });

const operation = z.strictObject({
  operationId: z.string().min(1),
  summary: z.string().min(1),
  tags: z.array(z.string()),
  security: z.array(z.record(z.string(), z.array(z.never()))),
  'x-permission': z.string(),
  'x-reads': z.boolean(),
  requestBody: z.strictObject({ required: z.boolean(), content }),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.union([response, reference('responses')])),
});

const componentName = z.string().regex(/^[A-Za-z0-9._-]+$/);

export const openApiShape = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({
    title: z.string().min(1),
    version: z.string().min(1),
    description: z.string(),
  }),
  jsonSchemaDialect: z.url(),
  servers: z.array(z.strictObject({ url: z.string() })),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(z.string().startsWith('/'), z.strictObject({ post: operation })),
  components: z.strictObject({
    schemas: z.record(componentName, jsonSchema),
    responses: z.record(componentName, response),
    securitySchemes: z.record(
      componentName,
      z.strictObject({
        type: z.literal('apiKey'),
        in: z.enum(['query', 'header', 'cookie']),
        name: z.string().min(1),
        description: z.string(),
      }),
    ),
  }),
});
