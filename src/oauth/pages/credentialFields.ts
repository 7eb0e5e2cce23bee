import { type Html, html } from '../../platform/html.js';
import type { Brand } from './brand.js';

interface CredentialFields {
  /** The name that was given before. */
  readonly name?: string | undefined;
  readonly problem?: string | undefined;
}

/** Returns the fields for name and password; what is missing has the focus, and a problem describes both. */
export function credentialFields({ texts }: Brand, { name, problem }: CredentialFields): Html {
  const described = problem !== undefined && html` aria-describedby="problem"`;
  const onName = !name && html` autofocus`;
  const onPassword = name && html` autofocus`;
  return html`<label class="field" for="username">${texts.loginName}</label>
    <input
      class="text"
      id="username"
      name="name"
      value="${name}"
      autocomplete="username"
      autocapitalize="none"
      spellcheck="false"
      maxlength="320"
      required${described}${onName}
    />
    <label class="field" for="password">${texts.loginPassword}</label>
    <input
      class="text"
      id="password"
      name="password"
      type="password"
      autocomplete="current-password"
      maxlength="1024"
      required${described}${onPassword}
    />`;
}
