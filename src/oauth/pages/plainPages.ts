import { html } from '../../platform/html.js';
import type { Brand } from './brand.js';
import { layout, type Page } from './layout.js';
import type { ErrorModel, LogoutModel } from './pageModel.js';
import { say } from './texts.js';

/** Asks whether to log out. */
export function logoutPage(
  brand: Brand,
  model: LogoutModel,
  formTargets: readonly string[] = [],
): Page {
  const { texts } = brand;
  const main = html`<h1>${say(texts.logoutHeading, { host: brand.name })}</h1>
    <p class="lead">${texts.logoutIntro}</p>
    <form method="post" action="${model.action}">
      <input type="hidden" name="token" value="${model.token}" />
      <div class="buttons">
        <button class="main">${texts.logoutButton}</button>
      </div>
    </form>`;
  return layout(brand, { title: 'logoutTitle', main, formTargets });
}

/** Shows that the user is logged out. */
export function loggedOutPage(brand: Brand): Page {
  const { texts } = brand;
  const main = html`<h1>${texts.loggedOutHeading}</h1>
    <p class="lead">${texts.loggedOutIntro}</p>`;
  return layout(brand, { title: 'loggedOutTitle', main });
}

/** Shows what went wrong and what to do. */
export function errorPage(brand: Brand, { message, detail, requestId }: ErrorModel): Page {
  const { texts } = brand;
  const main = html`<h1>${texts.errorHeading}</h1>
    <p class="lead">${message}</p>
    ${detail !== undefined && html`<p class="soft">${detail}</p>`}
    ${requestId !== undefined && html`<p class="soft">${say(texts.errorId, { requestId })}</p>`}`;
  return layout(brand, { title: 'errorTitle', main });
}
