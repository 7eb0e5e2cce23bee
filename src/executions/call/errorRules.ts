import type { ProviderFailure } from '../../connectors/index.js';
import type { FailureKind } from '../../contract/index.js';

/** What a failure means for the callers of one integration. */
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

/** A failure by the first rule that fits it; as it is when none does. */
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
