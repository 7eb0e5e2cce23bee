import { html } from '../../platform/html.js';
import type { Brand } from './brand.js';
import { credentialFields } from './credentialFields.js';
import { layout, type Page, problemLine } from './layout.js';
import type { InvitationDoneModel, InvitationModel } from './pageModel.js';
import { say } from './texts.js';

/** Returns the page of an invitation to an organization: what it is, and a form with a password to accept or decline. */
export function invitationPage(brand: Brand, model: InvitationModel): Page {
  const { texts } = brand;
  const organization = html`<strong>${model.organization}</strong>`;
  const main = html`<h1>${say(texts.invitationHeading, { organization, host: brand.name })}</h1>
    <p class="lead">${say(texts.invitationIntro, { role: model.role, host: brand.name })}</p>
    ${problemLine(model.problem)}
    <form method="post" action="${model.action}">
      <input type="hidden" name="token" value="${model.token}" />
      ${credentialFields(brand, model)}
      <div class="buttons">
        <button class="main" name="answer" value="accept">${texts.invitationAccept}</button>
        <button name="answer" value="decline">${texts.invitationDecline}</button>
      </div>
    </form>`;
  return layout(brand, { title: 'invitationTitle', main });
}

/** Says what became of an invitation. */
export function invitationDonePage(
  brand: Brand,
  { outcome, organization }: InvitationDoneModel,
): Page {
  const { texts } = brand;
  const sentence = {
    accepted: texts.invitationAccepted,
    declined: texts.invitationDeclined,
    notValid: texts.invitationNotValid,
  }[outcome];
  const main = html`<h1>${texts.invitationTitle}</h1>
    <p class="lead">${say(sentence, { organization, host: brand.name })}</p>`;
  return layout(brand, { title: 'invitationTitle', main });
}
