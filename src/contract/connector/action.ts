import type { z } from 'zod';

import type { JsonPointer } from './auth.js';
import type { ActionRequest, Part } from './request.js';

/** A response as an action gets it: JSON parsed, text as text, anything else as base64. */
export interface ProviderResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header, the first value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * How the next page is requested. `items` is where a page has its list.
 * - `cursor`: the response has at `next` the value of the parameter `param`; a missing or empty one ends the list.
 * - `lastId`: `id` of the last item goes into `param`, until `hasMore` is false.
 * - `page`, `offset`: numbers; a page shorter than the size requested in `sizeParam` ends the list.
 * - `link`: the `Link` header's `rel="next"` (https://www.rfc-editor.org/rfc/rfc8288), or a URL at `next`; followed on
 * the
 *   same server only.
 */
export type Pagination = { readonly items: JsonPointer } & (
  | {
      readonly kind: 'cursor';
      readonly next: JsonPointer;
      readonly param: string;
      readonly in?: 'query' | 'body';
    }
  | {
      readonly kind: 'lastId';
      readonly id: JsonPointer;
      readonly param: string;
      readonly hasMore: JsonPointer;
    }
  | {
      readonly kind: 'page';
      readonly param: string;
      readonly first: 0 | 1;
      readonly sizeParam: string;
      readonly size: number;
    }
  | {
      readonly kind: 'offset';
      readonly param: string;
      readonly sizeParam: string;
      readonly size: number;
    }
  | { readonly kind: 'link'; readonly next?: JsonPointer }
);

/** A request as the provider's documentation shows it, written independently of `request`. */
export interface DocumentedRequest {
  readonly method: ActionRequest['method'];
  /** The whole URL, with the query; field values are those of the connector's `example`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** As JSON, as the text of the form, as text, or as the parts of a form or of `multipart/related`. */
  readonly json?: unknown;
  readonly form?: string;
  readonly text?: string;
  readonly parts?: readonly Part[];
  readonly related?: readonly Pick<Part, 'contentType' | 'content'>[];
}

export interface ActionExample<Input extends z.ZodType> {
  readonly input: z.input<Input>;
  readonly sends: DocumentedRequest;
  /** From the provider's documentation. Default status 200. */
  readonly response: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

export interface ActionSpec<
  Name extends string = string,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> {
  /** camelCase, a verb first: `sendMessage`. */
  readonly name: Name;
  readonly summary: string;
  /** The provider's documentation page of this operation. */
  readonly docs: string;
  readonly risk: 'read' | 'write';
  /**
   * Whether sending it twice has the effect of sending it once. `{ header }`: it has, with the same value in that
   * header, which the hub then sends. `{ member }`: it has, with the same value in that member of its JSON body, where
   * the hub puts it unless the input has one. Default: true for `read`, false for `write`.
   */
  readonly idempotent?: boolean | { readonly header: string } | { readonly member: string };
  /** Scopes that the token needs, all of them; any one of a nested list is enough. */
  readonly scopes?: readonly (string | readonly string[])[];
  readonly input: Input;
  /** What callers may rely on; responses may contain more. */
  readonly output: Output;
  /** Pure. An exception is a bug, except PathValueRefused. */
  request(input: z.output<Input>): ActionRequest;
  /** Default: the body. */
  response?(response: ProviderResponse): unknown;
  readonly pages?: Pagination;
  /**
   * Set when the response is a stream of server-sent events; `done` is the data that ends it. Each event's data is one
   * `output`.
   */
  readonly stream?: { readonly kind: 'sse'; readonly done?: string };
  readonly example: ActionExample<Input>;
}

/* eslint-disable @typescript-eslint/no-explicit-any -- a heterogeneous list: each one is typed where it is declared */
export type AnyAction = ActionSpec<string, any, any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** An action as it is written. Its schemas are created on first use: a process loads every connector and uses few. */
export interface ActionDeclaration<
  Name extends string,
  Input extends z.ZodType,
  Output extends z.ZodType,
> extends Omit<ActionSpec<Name, Input, Output>, 'input' | 'output'> {
  readonly input: () => Input;
  /** What callers may rely on; responses may contain more. */
  readonly output: () => Output;
}

/** Declares an operation of a service. */
export function defineAction<
  const Name extends string,
  Input extends z.ZodType,
  Output extends z.ZodType,
>(declared: ActionDeclaration<Name, Input, Output>): ActionSpec<Name, Input, Output> {
  if (!/^[a-z][A-Za-z0-9]*$/.test(declared.name)) {
    throw new Error(`Action name ${declared.name}: use camelCase, such as sendMessage.`);
  }
  const input = once(declared.input);
  const output = once(declared.output);
  return {
    ...declared,
    get input() {
      return input();
    },
    get output() {
      return output();
    },
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
