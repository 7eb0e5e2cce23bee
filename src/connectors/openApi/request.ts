import type { ActionRequest, QueryValues } from '../../contract/index.js';
import type { KeyedParameter } from './inputKeys.js';
import { memberOf } from './json.js';
import { expand, expandPath, type Slot, type Template } from './pathTemplate.js';
import { type OperationPlan, variantFor } from './plan.js';
import { headerText, pathText, queryPairs } from './serialize.js';
import type { ValueProblem } from './validator.js';
import { writeBody } from './writeBody.js';

/** The parts of an operation's request that are not in its plan. */
export interface RequestFrame {
  readonly method: ActionRequest['method'];
  readonly server?: string | undefined;
  readonly accept?: string | undefined;
  /** Returns the value of a parameter that has only one possible value. */
  readonly onlyValueOf: (parameter: KeyedParameter) => unknown;
}

/** Builds the request for an input that the operation's schema has accepted. Throws PathValueRefused. */
export function requestOf(plan: OperationPlan, frame: RequestFrame, input: unknown): ActionRequest {
  const valueOf = (parameter: KeyedParameter) =>
    memberOf(input, parameter.key) ?? frame.onlyValueOf(parameter);
  const values = plan.parameters.flatMap((parameter) => {
    const value = valueOf(parameter);
    // An undefined value is not sent: no style has a text for it.
    return value === undefined || value === null ? [] : [{ parameter, value }];
  });
  const textOf = (template: Template) => expand(template, (slot) => slotText(values, slot));
  const pairs = [
    ...plan.template.query
      .filter(({ value }) => !value.slots.some(({ name }) => isInQuery(plan, name)))
      .map(({ name, value }): [string, string] => [textOf(name), textOf(value)]),
    ...values
      .filter(({ parameter }) => parameter.location === 'query')
      .flatMap(({ parameter, value }) => queryPairs(parameter, value)),
  ];
  const body = memberOf(input, 'body');
  const variant = body === undefined ? undefined : variantFor(plan, input);
  const written = variant && writeBody(variant, body);
  const headers = {
    ...headersOf(values),
    ...(frame.accept !== undefined && { accept: frame.accept }),
    ...(written?.contentType !== undefined && { 'content-type': written.contentType }),
  };
  return {
    method: frame.method,
    ...(frame.server !== undefined && { server: frame.server }),
    path: expandPath(plan.template, (slot) => encodedSlot(values, slot)),
    query: queryOf(pairs),
    headers,
    ...(written && { body: written.body }),
  };
}

interface ParameterValue {
  readonly parameter: KeyedParameter;
  readonly value: unknown;
}

function isInQuery({ parameters }: OperationPlan, name: string): boolean {
  return parameters.some((each) => each.location === 'query' && each.name === name);
}

/**
 * Returns the value for a slot: that of the path parameter. After a question mark, some documents declare it as a query
 * parameter.
 */
function filling(values: readonly ParameterValue[], { name }: Slot): ParameterValue | undefined {
  const named = values.filter(({ parameter }) => parameter.name === name);
  return named.find(({ parameter }) => parameter.location === 'path') ?? named[0];
}

function encodedSlot(values: readonly ParameterValue[], slot: Slot): string {
  const found = filling(values, slot);
  return found ? pathText(found.parameter, found.value) : '';
}

function slotText(values: readonly ParameterValue[], slot: Slot): string {
  const found = filling(values, slot);
  return found ? headerText(found.parameter, found.value) : '';
}

function queryOf(pairs: readonly (readonly [string, string])[]): QueryValues {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return Object.fromEntries(values);
}

function headersOf(values: readonly ParameterValue[]): Readonly<Record<string, string>> {
  const headers = values
    .filter(({ parameter }) => parameter.location === 'header')
    .map(({ parameter, value }): [string, string] => [
      parameter.name,
      headerText(parameter, value),
    ]);
  // https://www.rfc-editor.org/rfc/rfc6265#section-4.2.1
  const cookies = values
    .filter(({ parameter }) => parameter.location === 'cookie')
    .flatMap(({ parameter, value }) => queryPairs(parameter, value))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return Object.fromEntries([
    ...headers,
    ...(cookies.length > 0 ? [['cookie', cookies.join('; ')] as const] : []),
  ]);
}

/** Finds values that schemas allow but that headers cannot carry: https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
export function headerProblems({ parameters }: OperationPlan, input: unknown): ValueProblem[] {
  return parameters.flatMap((parameter) => {
    const value = memberOf(input, parameter.key);
    if (parameter.location !== 'header' || value === undefined || value === null) return [];
    const text = headerText(parameter, value);
    return /^[\x20-\x7e]*$/.test(text) && text === text.trim()
      ? []
      : [{ path: [parameter.key], message: 'has characters that a header cannot carry' }];
  });
}
