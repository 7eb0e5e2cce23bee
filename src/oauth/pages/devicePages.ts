import { html } from '../../platform/html.js';
import type { Brand } from './brand.js';
import { appLine, layout, type Page, problemLine } from './layout.js';
import type { DeviceConfirmModel, DeviceDoneModel, DeviceModel } from './pageModel.js';
import { say } from './texts.js';

/** Returns the form for the code that a device shows. */
export function devicePage(brand: Brand, model: DeviceModel): Page {
  const { texts } = brand;
  const { problem } = model;
  const described = problem !== undefined && html` aria-describedby="problem" aria-invalid="true"`;
  const main = html`<h1>${texts.deviceHeading}</h1>
    <p class="lead">${texts.deviceIntro}</p>
    ${problemLine(problem)}
    <form method="post" action="${model.action}">
      <input type="hidden" name="xsrf" value="${model.token}" />
      <label class="field" for="code">${texts.deviceCode}</label>
      <input
        class="text code"
        id="code"
        name="user_code"
        value="${model.code}"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        maxlength="40"
        required
        autofocus${described}
      />
      <div class="buttons"><button class="main">${texts.deviceButton}</button></div>
    </form>`;
  return layout(brand, { title: 'deviceTitle', main });
}

/** Asks whether the code is the one on the device, so that no other device is connected. */
export function deviceConfirmPage(brand: Brand, model: DeviceConfirmModel): Page {
  const { texts } = brand;
  const { app, code } = model;
  const name = html`<strong>${app.name}</strong>`;
  const main = html`${appLine(brand, app)}
    <h1>${texts.deviceConfirmHeading}</h1>
    <p class="shown">${code}</p>
    <p class="lead">${say(texts.deviceConfirmIntro, { app: name })}</p>
    <form method="post" action="${model.action}">
      <input type="hidden" name="xsrf" value="${model.token}" />
      <input type="hidden" name="user_code" value="${code}" />
      <div class="buttons">
        <button class="main" name="confirm" value="yes">${texts.deviceConfirmButton}</button>
        <button name="abort" value="yes">${texts.cancel}</button>
      </div>
    </form>`;
  return layout(brand, { title: 'deviceTitle', main, app });
}

/** Shows that the device is connected. */
export function deviceDonePage(brand: Brand, { app }: DeviceDoneModel): Page {
  const { texts } = brand;
  const name = html`<strong>${app?.name ?? brand.name}</strong>`;
  const main = html`<h1>${texts.deviceDoneHeading}</h1>
    <p class="lead">${say(texts.deviceDoneIntro, { app: name })}</p>`;
  return layout(brand, { title: 'deviceDoneTitle', main, app });
}
