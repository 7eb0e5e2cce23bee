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
    'Continue only if {app} shows this code on your own device. If another person sent it to you, cancel.',
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
  errorForm: 'The form was not sent from this page. Go back, reload the page and try again.',
  errorWait: 'There were too many attempts. Try again in {wait}.',
  errorRequest:
    'The app sent a request that is not valid. Go back to the app and try again. If that does not help, contact its developer.',
  errorOurs: 'Something failed on our side. Try again in a moment.',
  errorId: 'Reference: {requestId}',
  seconds: '{count} seconds',
  minutes: '{count} minutes',
} as const;

export type TextName = keyof typeof TEXTS;
export type Texts = Readonly<Record<TextName, string>>;

/** Fills the placeholders of a text; the text and what fills it are escaped. */
export function say(sentence: string, slots: Readonly<Record<string, HtmlValue>> = {}): Html {
  const parts = sentence.split(/\{(\w+)\}/);
  return html`${parts.map((part, nth) => (nth % 2 === 1 ? slots[part] : part))}`;
}

/** A waiting time as text: in seconds up to two minutes, then in minutes. */
export function waitText(texts: Texts, seconds: number): string {
  const [text, count] =
    seconds <= 120 ? [texts.seconds, seconds] : [texts.minutes, Math.ceil(seconds / 60)];
  return text.replace('{count}', String(count));
}
