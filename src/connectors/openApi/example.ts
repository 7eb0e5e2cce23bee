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
import { answerSchemaOf, type DocumentedAnswer } from './responseSchema.js';
import { sampleOf } from './sample.js';

export interface ExampleFrame {
  readonly document: OpenApiDocument;
  readonly connector: Pick<ConnectorSpec, 'key' | 'servers'>;
  readonly fieldValues: Readonly<Record<string, string>>;
}

/**
 * Something to begin with, made from the document. Unlike a template's it proves nothing: what is sent is what `request`
 * makes of the input.
 */
export function exampleOf(
  schema: JsonObject,
  answer: DocumentedAnswer,
  frame: ExampleFrame & { request(input: unknown): ActionRequest },
): ActionExample<z.ZodType> {
  const input = sampleOf(schema);
  const answerSchema = answer.example === undefined && answerSchemaOf(frame.document, answer);
  const body = answer.example ?? (answerSchema ? sampleOf(answerSchema) : null);
  return { input, sends: sentFor(input, frame), answer: { body } };
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
    // An example of the document itself may be what a path refuses.
    if (!(error instanceof PathValueRefused)) throw error;
    return { method: 'GET', url: Object.values(connector.servers)[0] ?? '' } as const;
  }
}
