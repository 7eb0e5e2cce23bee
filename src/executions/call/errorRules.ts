import type { ProviderFailure } from '../../connectors/index.js';
import type { FailureKind } from '../../contract/index.js';

/** The failure that the callers of one integration get; the first rule that matches counts. */
export interface FailureRule {
  readonly when: {
    readonly kind?: FailureKind | undefined;
    readonly status?: number | undefined;
    readonly code?: string | undefined;
  };
  readonly kind?: FailureKind | undefined;
  readonly retryable?: boolean | undefined;
  readonly message?: string | undefined;
}

/** Applies the first rule that matches a failure; without one the failure stays as it is. */
export function applyRules(
  failure: ProviderFailure,
  rules: readonly FailureRule[],
): ProviderFailure {
  const rule = rules.find(({ when }) =>
    (['kind', 'status', 'code'] as const).every(
      (name) => when[name] === undefined || when[name] === failure[name],
    ),
  );
  if (!rule) return failure;
  const { kind = failure.kind, retryable = failure.retryable, message } = rule;
  return { ...failure, kind, retryable, ...(message !== undefined && { message }) };
}
