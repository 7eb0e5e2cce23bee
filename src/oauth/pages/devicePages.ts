import type { OAuthPages } from '../pages.js';
import { escaped, page } from './html.js';

const form = (action: string, xsrf: string, body: string) =>
  `<form method="post" action="${escaped(action)}"><input type="hidden" name="xsrf" value="${escaped(xsrf)}">${body}</form>`;

export const devicePages: OAuthPages = {
  deviceCode: ({ action, xsrf, isWrong }) =>
    page(
      'Connect a device',
      (isWrong ? '<p role="alert">This code is not known, or no longer good.</p>' : '') +
        form(
          action,
          xsrf,
          '<label>Code on the device <input name="user_code" autocomplete="off" required></label><button>Go on</button>',
        ),
    ),
  deviceConfirm: ({ action, xsrf, appName, userCode }) =>
    page(
      `Connect ${appName}`,
      `<p>Does the device show <strong>${escaped(userCode)}</strong>?</p>` +
        form(
          action,
          xsrf,
          `<input type="hidden" name="user_code" value="${escaped(userCode)}"><button name="confirm" value="yes">Yes, go on</button><button name="abort" value="yes">No</button>`,
        ),
    ),
  deviceDone: ({ appName }) =>
    page(`${appName} is connected`, '<p>You can go back to the device.</p>'),
  error: ({ description }) => page('That did not work', `<p>${escaped(description)}</p>`),
};
