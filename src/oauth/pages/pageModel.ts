/** What a page shows of an app. All of it was written by its maker. */
export interface PageApp {
  readonly name: string;
  readonly description?: string | undefined;
  /** The organisation that made it. */
  readonly owner?: string | undefined;
  readonly logoUrl?: string | undefined;
  /** `#rrggbb`, in place of the host's. */
  readonly colour?: string | undefined;
  readonly homepageUrl?: string | undefined;
  readonly privacyUrl?: string | undefined;
  readonly termsUrl?: string | undefined;
}

/** Where a page's form goes: `POST action`, form-encoded, with `token` in the field `token`. */
export interface PageForm {
  readonly action: string;
  /** Proves that the form came from this page, in this browser, for what was shown. */
  readonly token: string;
}

/** Fields: `username` and `password`, or `sessionToken` of a Parse session; or `decision=cancel`. */
export interface LoginModel extends PageForm {
  readonly app?: PageApp | undefined;
  /** What was typed or what the app proposes. */
  readonly username?: string | undefined;
  /** Why it did not work, as a sentence. */
  readonly problem?: string | undefined;
}

export interface PageScope {
  readonly name: string;
  readonly words: string;
}

/** Fields: `decision` (`allow`, `refuse` or `switch` to another account) and `organization`, an id. */
export interface ConsentModel extends PageForm {
  readonly app: PageApp;
  readonly user: string;
  /** Those in which all of it can be allowed. Empty where there is none. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  /** Chosen from the start. */
  readonly organization?: string | undefined;
  /** Whether the app wants anything of an organisation at all. */
  readonly needsOrganization: boolean;
  readonly scopes: readonly PageScope[];
  /** How long the access lasts at the most; left out: until it is revoked. */
  readonly lastsSeconds?: number | undefined;
  /** The host, or the scheme, that the browser is sent to afterwards. */
  readonly returnsTo?: string | undefined;
  readonly problem?: string | undefined;
}

/** Field `user_code`; the name of the field of the token is `xsrf` here. */
export interface DeviceModel extends PageForm {
  readonly code?: string | undefined;
  readonly problem?: string | undefined;
}

/** Fields `user_code`, `xsrf` and `confirm=yes`, or `abort=yes`. */
export interface DeviceConfirmModel extends PageForm {
  readonly app: PageApp;
  readonly code: string;
}

export interface DeviceDoneModel {
  readonly app?: PageApp | undefined;
}

/** Fields `xsrf` and `logout=yes`; without the second one stays logged in. */
export type LogoutModel = PageForm;

export interface ErrorModel {
  readonly words: string;
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
