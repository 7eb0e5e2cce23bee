import { html } from '../../platform/html.js';
import type { Brand } from './brand.js';
import { appLine, layout, type Page } from './layout.js';
import type { SelectAccountModel } from './pageModel.js';
import { say } from './texts.js';

/** Asks whether to continue as the user who is logged in, or as another. */
export function selectAccountPage(
  brand: Brand,
  model: SelectAccountModel,
  formTargets: readonly string[] = [],
): Page {
  const { texts } = brand;
  const { app, user } = model;
  const main = html`${appLine(brand, app)}
    <h1>${texts.accountHeading}</h1>
    <p class="lead">${say(texts.loginFor, { app: html`<strong>${app.name}</strong>` })}</p>
    <form method="post" action="${model.action}/account">
      <input type="hidden" name="token" value="${model.token}" />
      <div class="buttons">
        <button class="main">${say(texts.accountContinue, { user })}</button>
        <button formaction="${model.action}/refuse" formnovalidate>${texts.cancel}</button>
      </div>
    </form>
    <p class="soft"><a href="${model.switchUrl}">${texts.accountOther}</a></p>`;
  return layout(brand, { title: 'accountTitle', main, app, formTargets });
}
