import {
  type ActionRequest,
  type ConnectionTest,
  type JsonPointer,
  path,
} from '../../contract/index.js';
import { buildRequest } from '../request/buildRequest.js';
import type { OperationAction } from './action.js';
import { notUsable, type OpenApiDocument, resolve } from './document.js';
import type { ExampleFrame } from './example.js';
import { memberOf } from './json.js';
import type { Operation } from './operations.js';
import { onlyValueOf, type OperationPlan } from './plan.js';
import { requirementsOf } from './requirements.js';
import type { DocumentedResponse } from './responseSchema.js';

/** The last words of paths that identify the owner of a credential, best first. */
const IDENTITY_RESOURCES = [
  ...['me', 'self', 'whoami', 'current', 'currentuser', 'userinfo', 'profile', 'viewer'],
  ...['user', 'account', 'accounts', 'users', 'organization', 'organizations', 'ping', 'status'],
];

/** The maximum number of operations that are examined, best first. */
const CANDIDATES_MAX = 500;

/**
 * Chooses the operation that proves a credential: a GET that can be called without parameters and needs a credential,
 * not deprecated. Among several, the one whose path ends in the earliest word of IDENTITY_RESOURCES, then the shortest
 * path, then the first. If all of them need a parameter, operations that need no credential are next. `undefined` if
 * there is none.
 */
export function chooseTest(
  document: OpenApiDocument,
  candidates: readonly OperationAction[],
): OperationAction | undefined {
  const ranked = candidates
    .filter(({ operation }) => operation.method === 'GET' && !/\{/.test(operation.path))
    .filter(({ operation }) => memberOf(operation.node, 'deprecated') !== true)
    .map((candidate) => ({ candidate, rank: rankOf(document, candidate.operation) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .slice(0, CANDIDATES_MAX);
  return ranked.find(({ candidate }) => needsNothing(document, candidate.plan()))?.candidate;
}

function rankOf(document: OpenApiDocument, operation: Operation): readonly number[] {
  const { path: text } = operation;
  const isOpen = requirementsOf(document, operation).sets.length === 0;
  const [resource = ''] = text.split(/[?#]/);
  const words = resource
    .replace(/\/$/, '')
    .replace(/\.json$/, '')
    .split(/[^A-Za-z]/);
  const rank = IDENTITY_RESOURCES.indexOf(words.at(-1)?.toLowerCase() ?? '');
  return [
    Number(isOpen),
    rank < 0 ? IDENTITY_RESOURCES.length : rank,
    text.split('/').length,
    text.length,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((each, nth) => each !== b[nth]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function needsNothing(document: OpenApiDocument, { parameters }: OperationPlan): boolean {
  return parameters.every((each) => !each.required || onlyValueOf(document, each) !== undefined);
}

/** Returns the test of a chosen operation, with the input from the options. */
export function testOf(
  { operation, action, response }: OperationAction,
  input: unknown,
  frame: ExampleFrame,
): ConnectionTest {
  const parsed = action.input.safeParse(input);
  if (!parsed.success) throw notUsable(`the input of the test ${operation.name} does not match`);
  const request = action.request(parsed.data);
  const pointers = identityPointers(frame.document, response());
  const [id, name] = pointers;
  return {
    request,
    ...(id !== undefined && { identity: { id, ...(name !== undefined && { name }) } }),
    example: { url: urlOf(request, frame), body: action.example.response.body },
  };
}

/** Returns the test if no operation is suitable: a request to the server's root, where 404 is a success too. */
export function bareTest(frame: ExampleFrame): ConnectionTest {
  const request: ActionRequest = { method: 'GET', path: path`/` };
  return { request, example: { url: urlOf(request, frame), body: {} } };
}

function urlOf(request: ActionRequest, { connector, fieldValues }: ExampleFrame): string {
  return buildRequest(connector, request, fieldValues).url.href;
}

const IDENTIFYING = ['id', 'user_id', 'userId', 'uuid', 'login', 'username', 'email', 'name'];

/** Returns where the documented response identifies the owner of the credential: at its top, or one object below. */
function identityPointers(
  document: OpenApiDocument,
  { schema }: DocumentedResponse,
): readonly JsonPointer[] {
  const properties = memberOf(resolve(document, schema), 'properties');
  const below = Object.keys(properties ?? {}).slice(0, 50);
  const objects: readonly (readonly [JsonPointer, unknown])[] = [
    ['', properties],
    ...below.map((name): [JsonPointer, unknown] => [
      `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      memberOf(resolve(document, memberOf(properties, name)), 'properties'),
    ]),
  ];
  return objects.flatMap(([prefix, members]) =>
    IDENTIFYING.filter((name) => memberOf(members, name) !== undefined).map(
      (name): JsonPointer => `${prefix}/${name}`,
    ),
  );
}
