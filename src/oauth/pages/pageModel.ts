/** What a page shows of an app. All of it was written by its maker. */
export interface PageApp {
  readonly name: string;
  readonly description?: string | undefined;
  /** The organization that made it. */
  readonly owner?: string | undefined;
  readonly logoUrl?: string | undefined;
  /** `#rrggbb`, in place of the host's. */
  readonly color?: string | undefined;
  readonly homepageUrl?: string | undefined;
  readonly privacyUrl?: string | undefined;
  readonly termsUrl?: string | undefined;
}

/** Where a page's form goes: by POST, form-encoded, with `token` in the field `token`. */
interface PageForm {
  readonly action: string;
  /** Proves that the form came from this page, in this browser, for what was shown. */
  readonly token: string;
}

/**
 * `POST <action>/login` with the fields `name` and `password`, or `sessionToken`, the token of a Parse session, for hosts in
 * whose apps people log in by other ways; `POST <action>/refuse` to cancel.
 */
export interface LoginModel extends PageForm {
  readonly app?: PageApp | undefined;
  /** What was typed or what the app proposes. */
  readonly name?: string | undefined;
  /** Why it did not work, as a sentence. */
  readonly problem?: string | undefined;
}

export interface PageScope {
  readonly name: string;
  readonly description: string;
}

/** `POST <action>/approve` with the field `scope` for each scope that is allowed and `organizationId`, or `<action>/refuse`. */
export interface ConsentModel extends PageForm {
  readonly app: PageApp;
  readonly user: string;
  /** Those in which all of it can be allowed. Empty where there is none. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  /** Chosen from the start. */
  readonly organizationId?: string | undefined;
  /** Whether the app wants anything of an organization at all. */
  readonly needsOrganization: boolean;
  readonly scopes: readonly PageScope[];
  /** How long the access lasts at the most; left out: until it is revoked. */
  readonly lastsSeconds?: number | undefined;
  /** The host, or the scheme, that the browser is sent to afterwards. */
  readonly returnsTo?: string | undefined;
  /** Where one logs in as somebody else. */
  readonly switchUrl: string;
  readonly problem?: string | undefined;
}

/** `POST <action>` with the field `user_code`; the name of the field of the token is `xsrf` here. */
export interface DeviceModel extends PageForm {
  readonly code?: string | undefined;
  readonly problem?: string | undefined;
}

/** `POST <action>` with the fields `user_code`, `xsrf` and `confirm=yes`, or `abort=yes`. */
export interface DeviceConfirmModel extends PageForm {
  readonly app: PageApp;
  readonly code: string;
}

export interface DeviceDoneModel {
  readonly app?: PageApp | undefined;
}

/** `POST <action>` logs out. */
export type LogoutModel = PageForm;

export interface ErrorModel {
  readonly message: string;
  /** For whoever made the app. */
  readonly detail?: string | undefined;
  readonly requestId?: string | undefined;
}

/** The models of all pages, by the page's name. */
export interface PageModels {
  readonly login: LoginModel;
  readonly consent: ConsentModel;
  readonly device: DeviceModel;
  readonly deviceConfirm: DeviceConfirmModel;
  readonly deviceDone: DeviceDoneModel;
  readonly logout: LogoutModel;
  readonly loggedOut: object;
  readonly error: ErrorModel;
}
export type PageName = keyof PageModels;
