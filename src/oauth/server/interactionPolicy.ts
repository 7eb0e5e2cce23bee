import type { interactionPolicy } from 'oidc-provider';

import { hubOf, isConsentForgotten } from '../apps/client.js';

/**
 * Returns which page a request to authorize needs, in this order: sign up, choose an account, log in, consent. An app asks for one
 * with `prompt`. `create` exists only where the host has a page for it: https://openid.net/specs/openid-connect-prompt-create-1_0.html
 */
export function interactionPolicyOf(
  { base, Check, Prompt }: typeof interactionPolicy,
  { hasSignUp }: { readonly hasSignUp: boolean },
): interactionPolicy.DefaultPolicy {
  const policy = base();
  const consent = policy.get('consent');
  // The library asks by the type of client alone, which says something else here: see apps/client.ts.
  consent?.checks.remove('native_client_prompt');
  consent?.checks.add(
    new Check(
      'consent_each_time',
      'apps on users’ devices need consent each time',
      'interaction_required',
      ({ oidc: { client, params, result } }) =>
        client !== undefined &&
        result?.consent === undefined &&
        isConsentForgotten(hubOf(client), params?.['redirect_uri']),
    ),
    0,
  );
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  if (hasSignUp) policy.add(new Prompt({ name: 'create', requestable: true }), 0);
  return policy;
}

/** Returns the member of the discovery document: https://openid.net/specs/openid-connect-prompt-create-1_0.html#section-4.2 */
export function promptValues({ hasSignUp }: { readonly hasSignUp: boolean }): readonly string[] {
  return ['none', 'login', 'consent', 'select_account', ...(hasSignUp ? ['create'] : [])];
}
