import { type Html, html, type HtmlValue } from '../../platform/html.js';

/** All texts of the pages, in English. A host may replace each one (option `branding.texts`); `{name}` is a placeholder. */
export const TEXTS = {
  loginTitle: 'Log in',
  loginHeading: 'Log in to {host}',
  loginFor: 'to continue to {app}',
  loginName: 'User name or e-mail',
  loginPassword: 'Password',
  loginButton: 'Log in',
  loginForgot: 'Forgot your password?',
  loginWrong: 'The user name or password is wrong. Check both and try again.',
  loginWait: 'There were too many failed attempts. Try again in {wait}.',
  loginUnverified: 'Confirm your e-mail address first: we have sent you a message with a link.',
  loginMissing: 'Enter your user name or e-mail and your password.',
  loginSignUp: 'Create an account',
  accountTitle: 'Choose an account',
  accountHeading: 'Choose an account',
  accountContinue: 'Continue as {user}',
  accountOther: 'Use another account',
  cancel: 'Cancel',
  consentTitle: 'Allow access',
  consentHeading: '{app} requests access to your account at {host}',
  consentOwner: 'An app of {owner}',
  consentVerified: 'Verified by {host}',
  consentAs: 'Logged in as {user}.',
  consentSwitch: 'Switch account',
  consentChoose: 'For which organization?',
  consentFor: 'For the organization {organization}',
  consentMay: '{app} will be able to',
  consentDuration: 'Until you revoke it.',
  consentDurationDays: 'For {days} days at most, or until you revoke it.',
  consentDurationHours: 'For {hours} hours at most, or until you revoke it.',
  consentReturn: 'Then you go back to {where}.',
  consentNever: '{app} does not see your password.',
  consentAllow: 'Allow',
  consentRefuse: 'Don’t allow',
  consentNoOrganization:
    'You are not a member of an organization in which you may give this access. Ask your administrator, or use another account.',
  consentHomepage: 'Website',
  consentPrivacy: 'Privacy',
  consentTerms: 'Terms',
  deviceTitle: 'Connect a device',
  deviceHeading: 'Connect a device',
  deviceIntro: 'Enter the code that your device shows.',
  deviceCode: 'Code',
  deviceButton: 'Continue',
  deviceUnknown:
    'This code does not exist or has expired. Check the code on your device and try again.',
  deviceCanceled: 'You have canceled it. If you want to connect another device, enter its code.',
  deviceConfirmHeading: 'Is this the code on your device?',
  deviceConfirmIntro:
    'Continue only if {app} shows this code on your own device. If another person sent it to you, cancel.',
  deviceConfirmButton: 'Yes, continue',
  deviceDoneTitle: 'Device connected',
  deviceDoneHeading: 'All set',
  deviceDoneIntro: 'Your device is connected to {app}. You may close this page.',
  logoutTitle: 'Log out',
  logoutHeading: 'Log out of {host}?',
  logoutIntro: 'Apps that you allowed keep their access until you revoke it.',
  logoutButton: 'Log out',
  loggedOutTitle: 'Logged out',
  loggedOutHeading: 'You are logged out',
  loggedOutIntro: 'You may close this page.',
  invitationTitle: 'Invitation',
  invitationHeading: 'Join {organization}?',
  invitationIntro:
    'You are invited to become {role} of this organization at {host}. Log in to accept or decline.',
  invitationAccept: 'Accept',
  invitationDecline: 'Decline',
  invitationAccepted: 'You are now a member of {organization}. You may close this page.',
  invitationDeclined:
    'You have declined the invitation to {organization}. You may close this page.',
  invitationNotValid: 'This invitation does not exist, has expired or was used. Ask for a new one.',
  errorTitle: 'This did not work',
  errorHeading: 'This did not work',
  errorStale:
    'This page has expired or belongs to another browser. Go back to the app that sent you here and start again.',
  errorDisabled:
    'This app has been disabled by its owner, so you cannot log in to it. Contact the people who offer the app.',
  errorLogout:
    'The app sent a request to log out that is not valid. You can close this page, or log out without the app.',
  errorMissing: 'This page does not exist.',
  errorForm: 'The form was not sent from this page. Go back, reload the page and try again.',
  errorWait: 'There were too many attempts. Try again in {wait}.',
  errorRequest:
    'The app sent a request that is not valid. Go back to the app and try again. If it fails again, contact its developer.',
  errorOurs: 'Something failed on our side. Try again in a moment.',
  errorId: 'Reference: {requestId}',
  seconds: '{count} seconds',
  minutes: '{count} minutes',
} as const;

export type TextName = keyof typeof TEXTS;
export type Texts = Readonly<Record<TextName, string>>;

/** Fills the placeholders of a text; the text and the values are escaped. */
export function say(sentence: string, slots: Readonly<Record<string, HtmlValue>> = {}): Html {
  const parts = sentence.split(/\{(\w+)\}/);
  return html`${parts.map((part, nth) => (nth % 2 === 1 ? slots[part] : part))}`;
}

/** Returns a waiting time as text: in seconds up to two minutes, then in minutes. */
export function waitText(texts: Texts, seconds: number): string {
  const [text, count] =
    seconds <= 120 ? [texts.seconds, seconds] : [texts.minutes, Math.ceil(seconds / 60)];
  return text.replace('{count}', String(count));
}
