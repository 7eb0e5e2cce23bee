import { bodyOf, type BodyPlan } from './body.js';
import { type OpenApiDocument, resolve } from './document.js';
import { type KeyedParameter, withKeys } from './inputKeys.js';
import { listOf, memberOf } from './json.js';
import type { Operation } from './operations.js';
import { parametersOf } from './parameters.js';
import { type PathTemplate, readPathTemplate } from './pathTemplate.js';
import { locationKey } from './schemes.js';

/** The facts needed to call an operation. Computed on first use. */
export interface OperationPlan {
  readonly template: PathTemplate;
  readonly parameters: readonly KeyedParameter[];
  readonly body: BodyPlan;
  /** Whether the caller chooses the media type of the body. */
  readonly takesContentType: boolean;
  /** The header that makes it safe to repeat: the hub sets it. */
  readonly idempotencyHeader?: string;
}

export interface PlanOptions {
  /** Names of path parameters whose slashes are kept. */
  readonly wholePaths: ReadonlySet<string>;
  /** Parameters that callers cannot set, mainly those of the credential: see `placeKey`. */
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
  const isIdempotencyKey = ({ location, name }: (typeof all)[number]) =>
    location === 'header' && IDEMPOTENCY_HEADER.test(name);
  const callers = all
    .filter((each) => !isIdempotencyKey(each))
    .filter(({ location, name }) => !omitted.has(locationKey({ in: location, name })))
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

/** Returns the variant that an input selects, else the preferred one; `undefined` if there is no body. */
export function variantFor(
  { body, takesContentType: asksContentType }: OperationPlan,
  input: unknown,
) {
  const requested = asksContentType ? memberOf(input, 'contentType') : undefined;
  return body.variants.find(({ contentType }) => contentType === requested) ?? body.variants[0];
}

/** Returns the value of a parameter that has only one possible value; it is sent whether or not the caller sets it. */
export function onlyValueOf(document: OpenApiDocument, { required, schema }: KeyedParameter) {
  if (!required) return undefined;
  const values = listOf(memberOf(resolve(document, schema), 'enum'));
  return values.length === 1 ? values[0] : undefined;
}
