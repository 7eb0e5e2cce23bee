import type { z } from 'zod';

import {
  type Access,
  type AnyFunction,
  commonErrors,
  GRANTS,
  type Raisable,
  ROLES,
} from '../contract/index.js';
import { type JsonSchema, jsonSchemaOf } from './jsonSchema.js';

/** A function as the reference and the OpenAPI document show it. */
export interface FunctionDescription {
  readonly name: string;
  readonly summary: string;
  /** The heading that it is listed under, such as `webhooks`. */
  readonly domain: string;
  readonly access: Access;
  /** Whether it changes nothing. */
  readonly reads: boolean;
  readonly params: JsonSchema;
  readonly result: JsonSchema;
  /** Its own errors, in the order of declaration. */
  readonly errors: readonly ErrorDescription[];
  /** The `commonErrors` that can occur in it. */
  readonly commonErrors: readonly ErrorDescription[];
  readonly example: { readonly params: unknown; readonly result: unknown };
}

export interface ErrorDescription {
  readonly name: string;
  readonly code: number;
  readonly sentence: string;
  /** The status of the HTTP response, which may differ from the error's own: see `parseStatus`. */
  readonly httpStatus: 400 | 401 | 404 | 413 | 429 | 500;
}

/** Describes each function of a manifest. */
export function describeFunctions(manifest: readonly AnyFunction[]): FunctionDescription[] {
  return manifest.map((spec, index) => {
    const own = errorsIn(spec.errors as Raisable);
    const names = new Set(own.map(({ name }) => name));
    return {
      name: spec.name,
      summary: spec.summary,
      domain: domainAt(manifest, index),
      access: spec.access,
      reads: spec.reads === true,
      params: jsonSchemaOf(spec.params as z.ZodObject, 'input'),
      result: jsonSchemaOf(spec.result as z.ZodType, 'output'),
      errors: own,
      commonErrors: commonErrorsOf(spec).filter(({ name }) => !names.has(name)),
      example: spec.example,
    };
  });
}

/** Returns the roles that have a permission, strongest first. */
export function rolesWith(permission: string): string[] {
  return ROLES.filter((role) => GRANTS[role].some((granted) => granted === permission));
}

/** Returns the errors of a table, as documents show them. */
function errorsIn(errors: Raisable): ErrorDescription[] {
  return Object.entries(errors).map(([name, { spec }]) => ({
    name,
    code: spec.code,
    // Some errors have no fixed message, so documents cannot show one.
    sentence: /^\{\w+\}$/.test(spec.message) ? 'A message that says what is wrong.' : spec.message,
    httpStatus: parseStatus(spec.code),
  }));
}

/**
 * Returns the common errors, as documents show them: invalid keys and tokens are refused before Parse Server, with 401.
 */
export function commonErrorDescriptions(): ErrorDescription[] {
  return errorsIn(commonErrors).map((error) => ({
    ...error,
    httpStatus: STATUS_OF_ITS_OWN[error.name] ?? error.httpStatus,
  }));
}

/**
 * Returns the HTTP status of an error. Parse Server maps two of its numbers to a status and returns everything else
 * with 400 (parse-server 9, lib/middlewares.js, handleParseErrors). Callers distinguish errors by their number.
 */
function parseStatus(code: number): 400 | 404 | 500 {
  if (code === 1) return 500;
  return code === 101 ? 404 : 400;
}

const ALWAYS = ['Internal', 'InvalidParameters', 'NotSignedIn'];

/**
 * Keys and tokens are checked before the function is known: these errors can occur in each, with a status of their own.
 */
const CREDENTIALS = ['ApiKeyNotValid', 'OAuthTokenNotValid'];

/** Before and around every function: the size of a request, and the calls in flight. */
const LIMITS = ['RequestTooLarge', 'RequestNotReadable'];

/** Functions with one of these errors evaluate what an organization has defined. */
const EVALUATED = ['DataDoesNotMatch', 'TransformFailed'];

/** Errors that Parse Server does not give a status. */
const STATUS_OF_ITS_OWN: Readonly<Record<string, ErrorDescription['httpStatus']>> = {
  ApiKeyNotValid: 401,
  OAuthTokenNotValid: 401,
  TooManyCalls: 429,
  RequestTooLarge: 413,
};

const BY_ACCESS: Readonly<Record<Access['kind'], readonly (keyof typeof commonErrors)[]>> = {
  permission: ['PermissionDenied', 'OrganizationRequired', 'OrganizationNotFound'],
  user: ['PersonRequired'],
  master: ['MasterKeyRequired'],
};

function commonErrorsOf(spec: AnyFunction): ErrorDescription[] {
  const names = new Set<string>([
    ...ALWAYS,
    ...CREDENTIALS,
    ...LIMITS,
    ...BY_ACCESS[spec.access.kind],
  ]);
  // The master key does not wait.
  if (spec.access.kind !== 'master') names.add('TooManyCalls');
  else if (spec.access.inOrganization)
    names.add('OrganizationRequired').add('OrganizationNotFound');
  if (EVALUATED.some((name) => name in (spec.errors as object))) names.add('EvaluationBusy');
  if (spec.reads !== true) names.add('ReadOnlyCaller');
  if ('cursor' in (spec.params as z.ZodObject).shape) names.add('InvalidCursor');
  return commonErrorDescriptions().filter(({ name }) => names.has(name));
}

/**
 * Returns the domain of a function. Its permission names it; functions of the master key are `operations`; any other
 * function without a permission belongs to its neighbors: those after it, else those before it.
 */
function domainAt(manifest: readonly AnyFunction[], index: number): string {
  if (manifest[index]?.access.kind === 'master') return 'operations';
  const near = [...manifest.slice(index), ...manifest.slice(0, index).reverse()];
  for (const { access } of near) {
    if (access.kind === 'permission') return access.permission.split(':')[0] ?? access.permission;
  }
  return 'functions';
}
