/** What the pages of the device flow have in their form, besides what they ask. */
export interface DeviceForm {
  readonly action: string;
  /** Goes along as `xsrf`. */
  readonly xsrf: string;
}

/** Makes the pages that the authorisation server itself answers with: whole HTML documents. */
export interface OAuthPages {
  /** Asks for `user_code`. */
  deviceCode(view: DeviceForm & { readonly isWrong: boolean }): string;
  /** Asks whether the device shows this code: sends `user_code` and `confirm`, or `abort`. */
  deviceConfirm(view: DeviceForm & { readonly appName: string; readonly userCode: string }): string;
  deviceDone(view: { readonly appName: string }): string;
  error(view: { readonly error: string; readonly description: string }): string;
}
