import { bodyOf, type BodyPlan } from './body.js';
import { type OpenApiDocument, resolve } from './document.js';
import { type KeyedParameter, withKeys } from './inputKeys.js';
import { listOf, memberOf } from './json.js';
import type { Operation } from './operations.js';
import { parametersOf } from './parameters.js';
import { type PathTemplate, readPathTemplate } from './pathTemplate.js';
import { locationKey } from './schemes.js';

/** What has to be known of an operation to call it. Made when it is first needed. */
export interface OperationPlan {
  readonly template: PathTemplate;
  readonly parameters: readonly KeyedParameter[];
  readonly body: BodyPlan;
  /** Whether the caller says which media type the body has. */
  readonly takesContentType: boolean;
  /** The header that makes it safe to repeat: the hub writes it. */
  readonly idempotencyHeader?: string;
}

export interface PlanOptions {
  /** Names of parameters of the path whose slashes are meant. */
  readonly wholePaths: ReadonlySet<string>;
  /** Parameters that are no caller's, the credential's above all: see `placeKey`. */
  readonly omitted: ReadonlySet<string>;
}

/** The header of https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/, as services spell it. */
const IDEMPOTENCY_HEADER = /^(?:x-)?idempotency-key$/i;

export function planOf(
  document: OpenApiDocument,
  operation: Operation,
  { wholePaths, omitted }: PlanOptions,
): OperationPlan {
  const template = readPathTemplate(operation.path);
  const body = bodyOf(document, operation);
  const all = parametersOf(document, operation, template);
  const isIdempotencyKey = ({ location: place, name }: (typeof all)[number]) =>
    place === 'header' && IDEMPOTENCY_HEADER.test(name);
  const callers = all
    .filter((each) => !isIdempotencyKey(each))
    .filter(({ location: place, name }) => !omitted.has(locationKey({ in: place, name })))
    .map((each) => ({ ...each, isWhole: each.isWhole || isWhole(each.name) }));
  function isWhole(name: string): boolean {
    return (
      wholePaths.has(name) || template.slots.some((slot) => slot.name === name && slot.isWhole)
    );
  }
  const takesContentType = body.variants.length > 1;
  const reserved = [
    ...(body.variants.length > 0 ? ['body'] : []),
    ...(takesContentType ? ['contentType'] : []),
  ];
  const idempotencyHeader = all.find(isIdempotencyKey)?.name;
  return {
    template,
    body,
    takesContentType,
    parameters: withKeys(callers, reserved),
    ...(idempotencyHeader !== undefined && { idempotencyHeader }),
  };
}

/** The variant that an input asks for, else the preferred one; `undefined` where there is no body. */
export function variantFor(
  { body, takesContentType: asksContentType }: OperationPlan,
  input: unknown,
) {
  const requested = asksContentType ? memberOf(input, 'contentType') : undefined;
  return body.variants.find(({ contentType }) => contentType === requested) ?? body.variants[0];
}

/** The one value that is possible; such a parameter is sent whether or not the caller names it. */
export function onlyValueOf(document: OpenApiDocument, { required, schema }: KeyedParameter) {
  if (!required) return undefined;
  const values = listOf(memberOf(resolve(document, schema), 'enum'));
  return values.length === 1 ? values[0] : undefined;
}
