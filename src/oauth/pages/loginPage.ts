import { html } from '../../platform/html.js';
import { type Brand, pageUrl } from './brand.js';
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
  const described = problem !== undefined && html` aria-describedby="problem"`;
  const onName = !model.name && html` autofocus`;
  const onPassword = model.name && html` autofocus`;
  const main = html`<h1>${say(texts.loginHeading, { host: brand.name })}</h1>
    ${app && html`<p class="lead">${say(texts.loginFor, { app: html`<strong>${app.name}</strong>` })}</p>`}
    ${problemLine(problem)}
    <form method="post" action="${model.action}/login">
      <input type="hidden" name="token" value="${model.token}" />
      <label class="field" for="username">${texts.loginName}</label>
      <input
        class="text"
        id="username"
        name="name"
        value="${model.name}"
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
      />
      ${forgot && html`<p class="soft"><a href="${forgot}">${texts.loginForgot}</a></p>`}
      <div class="buttons">
        <button class="main">${texts.loginButton}</button>
        ${app && html`<button formaction="${model.action}/refuse" formnovalidate>${texts.cancel}</button>`}
      </div>
    </form>
    ${signUp && html`<p class="soft"><a href="${signUp}">${texts.loginSignUp}</a></p>`}`;
  return layout(brand, { title: 'loginTitle', main, app, formTargets });
}
