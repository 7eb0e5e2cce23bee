import { z } from 'zod';

import { type ActionRequest, defineAction, path } from '../../../src/contract/index.js';
import { type OperationKind, operationsIn } from './operations.js';

/** https://graphql.github.io/graphql-over-http/draft/#sec-Accept */
export const accept = 'application/graphql-response+json, application/json;q=0.9';

const document = z.string().min(1).max(200_000);
const variables = z.record(z.string(), z.unknown()).optional();
const operationName = z
  .string()
  // https://spec.graphql.org/October2021/#Name
  .regex(/^[_A-Za-z]\w{0,199}$/)
  .optional()
  .describe('The operation to run, when the document has several.');

const output = z.looseObject({
  data: z.looseObject({}),
  extensions: z.looseObject({}).optional(),
});

interface GraphqlRequest {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

/** https://graphql.github.io/graphql-over-http/draft/#sec-POST */
function request({ document: query, ...rest }: GraphqlRequest): ActionRequest {
  return {
    method: 'POST',
    path: path``,
    headers: { accept },
    body: { json: { query, ...rest } },
  };
}

/** Adds an issue when a document has none of these operations, or others. */
function having(kinds: readonly OperationKind[], wanted: OperationKind) {
  return (text: string, context: z.RefinementCtx) => {
    const found = operationsIn(text);
    const other = found?.find((kind) => !kinds.includes(kind));
    if (!found) {
      context.addIssue({ code: 'custom', message: 'must be a GraphQL document with an operation' });
    } else if (other !== undefined) {
      const where = other === 'mutation' ? ': use mutate' : '';
      context.addIssue({ code: 'custom', message: `must have no ${other}${where}` });
    } else if (!found.includes(wanted)) {
      context.addIssue({ code: 'custom', message: `must have a ${wanted}: use query` });
    }
  };
}

export const query = defineAction({
  name: 'query',
  summary: 'Runs a query and returns its data.',
  docs: 'https://spec.graphql.org/October2021/#sec-Query',
  risk: 'read',
  input: () =>
    z.strictObject({
      document: document
        .superRefine(having(['query'], 'query'))
        .describe('Queries and fragments; mutations are refused.'),
      variables,
      operationName,
    }),
  output: () => output,
  request,
  example: {
    input: {
      document: 'query Hero($episode: Episode) { hero(episode: $episode) { name } }',
      variables: { episode: 'JEDI' },
      operationName: 'Hero',
    },
    sends: {
      method: 'POST',
      url: 'https://api.example.com/graphql/',
      headers: { accept: 'application/graphql-response+json, application/json;q=0.9' },
      json: {
        query: 'query Hero($episode: Episode) { hero(episode: $episode) { name } }',
        variables: { episode: 'JEDI' },
        operationName: 'Hero',
      },
    },
    // https://graphql.org/learn/queries/#variables
    response: { body: { data: { hero: { name: 'R2-D2' } } } },
  },
});

export const mutate = defineAction({
  name: 'mutate',
  summary: 'Runs a mutation and returns its data.',
  docs: 'https://spec.graphql.org/October2021/#sec-Mutation',
  risk: 'write',
  input: () =>
    z.strictObject({
      document: document
        .superRefine(having(['query', 'mutation'], 'mutation'))
        .describe('Mutations and their fragments.'),
      variables,
      operationName,
    }),
  output: () => output,
  request,
  example: {
    input: {
      document: 'mutation($ep: Episode!) { createReview(episode: $ep) { stars } }',
      variables: { ep: 'JEDI' },
    },
    sends: {
      method: 'POST',
      url: 'https://api.example.com/graphql/',
      json: {
        query: 'mutation($ep: Episode!) { createReview(episode: $ep) { stars } }',
        variables: { ep: 'JEDI' },
      },
    },
    // https://graphql.org/learn/mutations/
    response: { body: { data: { createReview: { stars: 5 } } } },
  },
});
