import { html } from '../../platform/html.js';
import { type Brand, pageUrl } from './brand.js';
import { credentialFields } from './credentialFields.js';
import { layout, type Page, problemLine } from './layout.js';
import type { LoginModel } from './pageModel.js';
import { say } from './texts.js';

/** Returns the log-in form, with a password. */
export function loginPage(
  brand: Brand,
  model: LoginModel,
  formTargets: readonly string[] = [],
): Page {
  const { texts } = brand;
  const { app, problem } = model;
  const forgot = pageUrl(brand.forgotPasswordUrl);
  const signUp = pageUrl(model.signUpUrl);
  const main = html`<h1>${say(texts.loginHeading, { host: brand.name })}</h1>
    ${app && html`<p class="lead">${say(texts.loginFor, { app: html`<strong>${app.name}</strong>` })}</p>`}
    ${problemLine(problem)}
    <form method="post" action="${model.action}/login">
      <input type="hidden" name="token" value="${model.token}" />
      ${credentialFields(brand, model)}
      ${forgot && html`<p class="soft"><a href="${forgot}">${texts.loginForgot}</a></p>`}
      <div class="buttons">
        <button class="main">${texts.loginButton}</button>
        ${app && html`<button formaction="${model.action}/refuse" formnovalidate>${texts.cancel}</button>`}
      </div>
    </form>
    ${signUp && html`<p class="soft"><a href="${signUp}">${texts.loginSignUp}</a></p>`}`;
  return layout(brand, { title: 'loginTitle', main, app, formTargets });
}
