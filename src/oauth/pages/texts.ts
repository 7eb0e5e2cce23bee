import { type Html, html, type HtmlValue } from '../../platform/html.js';

/** Every sentence of the pages, in English. A host may give each of its own, in another language too; `{name}` is a slot. */
export const TEXTS = {
  loginTitle: 'Log in',
  loginHeading: 'Log in to {host}',
  loginFor: 'to continue to {app}',
  loginName: 'User name or e-mail',
  loginPassword: 'Password',
  loginButton: 'Log in',
  loginForgot: 'Forgot your password?',
  loginWrong: 'User name or password are not right. Check both and try again.',
  loginWait: 'There were too many wrong attempts. Try again in {wait}.',
  loginUnverified: 'Confirm your e-mail address first: we have sent you a message with a link.',
  loginMissing: 'Enter your user name or e-mail and your password.',
  cancel: 'Cancel',
  consentTitle: 'Allow access',
  consentHeading: '{app} asks for access to your account at {host}',
  consentOwner: 'An app of {owner}',
  consentAs: 'Logged in as {user}.',
  consentSwitch: 'Switch account',
  consentChoose: 'For which organization?',
  consentFor: 'For the organization {organization}',
  consentMay: '{app} will be able to',
  consentDuration: 'Until you take it back.',
  consentDurationDays: 'For {days} days at the most, or until you take it back.',
  consentDurationHours: 'For {hours} hours at the most, or until you take it back.',
  consentReturn: 'Then you go back to {where}.',
  consentNever: '{app} does not see your password.',
  consentAllow: 'Allow',
  consentRefuse: 'Don’t allow',
  consentNoOrganization:
    'You are in no organization in which you may give this access. Ask an administrator of yours, or use another account.',
  consentHomepage: 'Website',
  consentPrivacy: 'Privacy',
  consentTerms: 'Terms',
  deviceTitle: 'Connect a device',
  deviceHeading: 'Connect a device',
  deviceIntro: 'Enter the code that your device shows.',
  deviceCode: 'Code',
  deviceButton: 'Continue',
  deviceUnknown: 'There is no such code, or its time is over. Look at your device and try again.',
  deviceCanceled: 'You have cancelled it. If you want to connect another device, enter its code.',
  deviceConfirmHeading: 'Is this the code on your device?',
  deviceConfirmIntro:
    'Continue only if {app} shows this very code on a device of yours. If somebody sent it to you, cancel.',
  deviceConfirmButton: 'Yes, continue',
  deviceDoneTitle: 'Device connected',
  deviceDoneHeading: 'All set',
  deviceDoneIntro: 'Your device is connected to {app}. You may close this page.',
  logoutTitle: 'Log out',
  logoutHeading: 'Log out of {host}?',
  logoutIntro: 'Apps that you allowed keep their access until you take it back.',
  logoutButton: 'Log out',
  loggedOutTitle: 'Logged out',
  loggedOutHeading: 'You are logged out',
  loggedOutIntro: 'You may close this page.',
  errorTitle: 'This did not work',
  errorHeading: 'This did not work',
  errorStale:
    'This page has expired or belongs to another browser. Go back to the app that sent you here and begin again.',
  errorMissing: 'There is nothing at this address.',
  errorForm: 'The form was not sent from this page. Go back, load the page anew and try again.',
  errorWait: 'There were too many attempts. Try again in {wait}.',
  errorRequest:
    'The app sent something that we do not understand. Go back to it and try again; if that does not help, tell its makers.',
  errorOurs: 'Something failed on our side. Try again in a moment.',
  errorId: 'Reference: {requestId}',
  seconds: '{count} seconds',
  minutes: '{count} minutes',
} as const;

export type TextName = keyof typeof TEXTS;
export type Texts = Readonly<Record<TextName, string>>;

/** A sentence with its slots filled; what fills them is escaped, the sentence too. */
export function say(sentence: string, slots: Readonly<Record<string, HtmlValue>> = {}): Html {
  const parts = sentence.split(/\{(\w+)\}/);
  return html`${parts.map((part, nth) => (nth % 2 === 1 ? slots[part] : part))}`;
}

/** How long to wait, in words: seconds up to two minutes. */
export function waitText(texts: Texts, seconds: number): string {
  const [text, count] =
    seconds <= 120 ? [texts.seconds, seconds] : [texts.minutes, Math.ceil(seconds / 60)];
  return text.replace('{count}', String(count));
}
