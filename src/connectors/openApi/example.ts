import type { z } from 'zod';

import {
  type ActionExample,
  type ActionRequest,
  type ConnectorSpec,
  PathValueRefused,
} from '../../contract/index.js';
import { buildRequest } from '../request/buildRequest.js';
import type { OpenApiDocument } from './document.js';
import type { JsonObject } from './json.js';
import { type DocumentedResponse, responseSchemaOf } from './responseSchema.js';
import { sampleOf } from './sample.js';

export interface ExampleFrame {
  readonly document: OpenApiDocument;
  readonly connector: Pick<ConnectorSpec, 'key' | 'servers'>;
  readonly fieldValues: Readonly<Record<string, string>>;
}

/**
 * Returns an example to start with, made from the document. Unlike a template's it proves nothing: its request is what
 * `request` makes from the input.
 */
export function exampleOf(
  schema: JsonObject,
  response: DocumentedResponse,
  frame: ExampleFrame & { request(input: unknown): ActionRequest },
): ActionExample<z.ZodType> {
  const input = sampleOf(schema);
  const responseSchema =
    response.example === undefined && responseSchemaOf(frame.document, response);
  const body = response.example ?? (responseSchema ? sampleOf(responseSchema) : null);
  return { input, sends: sentFor(input, frame), response: { body } };
}

function sentFor(
  input: unknown,
  { request, connector, fieldValues }: ExampleFrame & { request(input: unknown): ActionRequest },
) {
  try {
    const made = request(input);
    const { method, url } = buildRequest(connector, made, fieldValues);
    const json = made.body && 'json' in made.body ? { json: made.body.json } : {};
    return { method, url: url.href, ...json };
  } catch (error) {
    // An example of the document may be a value that a path refuses.
    if (!(error instanceof PathValueRefused)) throw error;
    return { method: 'GET', url: Object.values(connector.servers)[0] ?? '' } as const;
  }
}
