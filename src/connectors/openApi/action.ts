import { z } from 'zod';

import type { ActionSpec } from '../../contract/index.js';
import { pageOf } from './describe.js';
import type { OpenApiDocument } from './document.js';
import { registerDocumentCheck } from './documentCheck.js';
import { type ExampleFrame, exampleOf } from './example.js';
import { inputSchemaOf } from './inputSchema.js';
import { type JsonObject, memberOf, textOf } from './json.js';
import type { Operation } from './operations.js';
import { onlyValueOf, type OperationPlan, planOf, type PlanOptions } from './plan.js';
import { headerProblems, requestOf } from './request.js';
import {
  type DocumentedResponse,
  looseOutput,
  responseOf,
  responseSchemaOf,
} from './responseSchema.js';
import { compileValidator, SCHEMA_UNFIT, type Validator, type ValueProblem } from './validator.js';

export interface ActionFrame extends PlanOptions, ExampleFrame {
  readonly document: OpenApiDocument;
  readonly server?: string | undefined;
  /** The service's documentation page, for operations without one of their own. */
  readonly docs: string;
  readonly scopes: readonly string[];
  /** Whether responses are validated against the whole documented schema. */
  readonly validatesResponses: boolean;
  /** Compiled validators, shared by the connector's actions. */
  readonly validators: ValidatorCache;
}

/** Keeps the most recently used validators. */
export interface ValidatorCache {
  get(key: string, compile: () => Validator): Validator;
}

// One may take some megabytes; compiling it again takes some milliseconds.
const VALIDATORS_MAX = 50;

export function openValidatorCache(): ValidatorCache {
  const validators = new Map<string, Validator>();
  return {
    get(key, compile) {
      const validator = validators.get(key) ?? compile();
      validators.delete(key);
      validators.set(key, validator);
      const [oldest] = validators.keys();
      if (validators.size > VALIDATORS_MAX && oldest !== undefined) validators.delete(oldest);
      return validator;
    },
  };
}

/** An operation as an action. Each part is read from the document when it is first needed. */
export interface OperationAction {
  readonly operation: Operation;
  readonly action: ActionSpec;
  plan(): OperationPlan;
  response(): DocumentedResponse;
}

export function actionOf(operation: Operation, frame: ActionFrame): OperationAction {
  const { document, server, scopes } = frame;
  const isRead = operation.method === 'GET' || operation.method === 'HEAD';
  const plan = once(() => planOf(document, operation, frame));
  const response = once(() => responseOf(document, operation));
  const input = once(() => inputOf(operation, plan, frame));
  const request = (value: unknown) =>
    requestOf(
      plan(),
      {
        method: operation.method,
        server,
        accept: response().accept,
        onlyValueOf: (parameter) => onlyValueOf(document, parameter),
      },
      value,
    );
  const output = once(() => outputOf(operation, response(), frame));
  const example = once(() =>
    exampleOf(inputSchemaOf(document, plan()), response(), { ...frame, request }),
  );
  const action: ActionSpec = {
    name: operation.name,
    summary: summaryOf(operation),
    docs: docsOf(operation) ?? frame.docs,
    risk: isRead || operation.method === 'OPTIONS' ? 'read' : 'write',
    get idempotent() {
      return idempotencyOf(operation, plan());
    },
    ...(scopes.length > 0 && { scopes }),
    get input() {
      return input();
    },
    get output() {
      return output();
    },
    request,
    get example() {
      return example();
    },
  };
  return { operation, action, plan, response };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
function idempotencyOf({ method }: Operation, { idempotencyHeader }: OperationPlan) {
  if (method !== 'POST' && method !== 'PATCH') return true;
  return idempotencyHeader === undefined ? false : { header: idempotencyHeader };
}

function inputOf(operation: Operation, plan: () => OperationPlan, frame: ActionFrame): z.ZodType {
  const schema = () => inputSchemaOf(frame.document, plan());
  const alsoCheck = (value: unknown) => headerProblems(plan(), value);
  const checking = { validators: frame.validators, alsoCheck };
  const checked = describedBy(checkedBy(`${operation.name} input`, schema, checking), schema);
  registerDocumentCheck(checked, { schema, alsoCheck });
  return checked;
}

function outputOf(
  operation: Operation,
  response: DocumentedResponse,
  frame: ActionFrame,
): z.ZodType {
  const schema = () => responseSchemaOf(frame.document, response);
  if (!frame.validatesResponses || schema() === undefined)
    return looseOutput(frame.document, response);
  const known = () => schema() ?? {};
  const checked = describedBy(checkedBy(`${operation.name} output`, known, frame), known);
  registerDocumentCheck(checked, { schema: known });
  return checked;
}

interface Checking {
  readonly validators: ValidatorCache;
  /** Further checks, called with values that the schema accepts. */
  readonly alsoCheck?: (value: unknown) => readonly ValueProblem[];
}

function checkedBy(key: string, schema: () => JsonObject, { validators, alsoCheck }: Checking) {
  return z.unknown().superRefine((value, context) => {
    const problems = validators.get(key, () => compiledOrRefusing(schema()))(value);
    report(problems.length > 0 || !alsoCheck ? problems : alsoCheck(value), context);
  });
}

/** Compiles a schema. If that fails, the validator refuses every input: input that cannot be validated is not sent. */
function compiledOrRefusing(schema: JsonObject): Validator {
  try {
    return compileValidator(schema);
  } catch {
    return () => [SCHEMA_UNFIT];
  }
}

function report(problems: readonly ValueProblem[], context: z.RefinementCtx): void {
  for (const { path, message } of problems) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
}

/** Makes `z.toJSONSchema` return the schema: forms and reference pages are built from it. */
function describedBy(type: z.ZodType, schema: () => JsonObject): z.ZodType {
  type._zod.toJSONSchema = schema;
  return type;
}

const SUMMARY_LENGTH_MAX = 200;

/** Returns one sentence: the document's summary, else the beginning of its description, else method and path. */
function summaryOf({ node, method, path }: Operation): string {
  const [documented] = ['summary', 'description']
    .map((name) =>
      textOf(memberOf(node, name))
        ?.slice(0, 2_000)
        .replace(/<[^<>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((text) => text !== undefined && text !== '');
  const [sentence = ''] = (documented ?? `${method} ${path}`).split(/(?<=[.!?]) /);
  const short = sentence.slice(0, SUMMARY_LENGTH_MAX).replace(/[.!?:;,\s]+$/, '');
  return `${short.slice(0, 1).toUpperCase()}${short.slice(1)}.`;
}

function docsOf({ node }: Operation): string | undefined {
  return pageOf(memberOf(memberOf(node, 'externalDocs'), 'url'));
}
