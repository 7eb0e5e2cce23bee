import { type Html, html } from '../../platform/html.js';
import { type Brand, pageUrl } from './brand.js';
import { appLine, layout, type Page, problemLine } from './layout.js';
import type { ConsentModel, PageScope } from './pageModel.js';
import { say } from './texts.js';

/** Returns the page on which a user allows the access that an app requests. */
export function consentPage(
  brand: Brand,
  model: ConsentModel,
  formTargets: readonly string[] = [],
): Page {
  const { texts } = brand;
  const { app } = model;
  const isPossible = !model.needsOrganization || model.organizations.length > 0;
  const heading = say(texts.consentHeading, { app: app.name, host: brand.name });
  const user = html`<strong>${model.user}</strong>`;
  const main = html`${appLine(brand, app)}
    <h1>${heading}</h1>
    ${app.description && html`<p class="lead">${app.description}</p>`}
    <form method="post" action="${model.action}/approve">
      <input type="hidden" name="token" value="${model.token}" />
      <p class="soft who">
        <span>${say(texts.consentAs, { user })}</span>
        <a href="${model.switchUrl}">${texts.consentSwitch}</a>
      </p>
      ${problemLine(isPossible ? model.problem : texts.consentNoOrganization)}
      ${isPossible && html`${organizations(brand, model)}${scopes(brand, model)}${notes(brand, model)}`}
      <div class="buttons">
        ${isPossible && html`<button class="main">${texts.consentAllow}</button>`}
        <button formaction="${model.action}/refuse" formnovalidate>${texts.consentRefuse}</button>
      </div>
    </form>`;
  return layout(brand, { title: 'consentTitle', main, app, formTargets });
}

function organizations({ texts }: Brand, model: ConsentModel): Html | undefined {
  const { organizations: all, organizationId: chosen } = model;
  const [only] = all;
  if (!model.needsOrganization || !only) return undefined;
  if (all.length === 1) {
    const organization = html`<strong>${only.name}</strong>`;
    return html`<input type="hidden" name="organizationId" value="${only.id}" />
      <p>${say(texts.consentFor, { organization })}</p>`;
  }
  const choice = ({ id, name }: { readonly id: string; readonly name: string }) =>
    html`<label
      ><input
        type="radio"
        name="organizationId"
        value="${id}"
        required${id === chosen && html` checked`}
      />
      <span>${name}</span></label
    >`;
  return html`<fieldset>
    <legend>${texts.consentChoose}</legend>
    <div class="choices">${all.map(choice)}</div>
  </fieldset>`;
}

function scopes({ texts }: Brand, { app, scopes: requested }: ConsentModel): Html {
  const choice = ({ name, description, isFixed }: PageScope) =>
    html`<label
      ><input
        type="checkbox"
        name="scope"
        value="${name}"
        checked${isFixed === true && html` disabled`}
      />
      <span>${description}</span></label
    >`;
  return html`<fieldset>
    <legend>${say(texts.consentMay, { app: app.name })}</legend>
    <div class="choices all">${requested.map(choice)}</div>
  </fieldset>`;
}

function notes(brand: Brand, { app, lastsSeconds, returnsTo }: ConsentModel): Html {
  const { texts } = brand;
  const where = html`<strong>${returnsTo}</strong>`;
  const about = [
    [texts.consentHomepage, app.homepageUrl],
    [texts.consentPrivacy, app.privacyUrl],
    [texts.consentTerms, app.termsUrl],
  ].flatMap(([label, url]) => {
    const safe = pageUrl(url);
    return safe
      ? [html`<a href="${safe}" target="_blank" rel="noopener noreferrer">${label}</a>`]
      : [];
  });
  return html`<div class="notes soft">
    <p>${duration(brand, lastsSeconds)}</p>
    <p>${say(texts.consentNever, { app: app.name })}</p>
    ${returnsTo !== undefined && html`<p>${say(texts.consentReturn, { where })}</p>`}
    ${about.length > 0 && html`<p class="row">${about}</p>`}
  </div>`;
}

function duration({ texts }: Brand, seconds: number | undefined): Html {
  if (seconds === undefined) return say(texts.consentDuration);
  const hours = Math.max(1, Math.ceil(seconds / 3_600));
  return hours <= 48
    ? say(texts.consentDurationHours, { hours })
    : say(texts.consentDurationDays, { days: Math.ceil(hours / 24) });
}
