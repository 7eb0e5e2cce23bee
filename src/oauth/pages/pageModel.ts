/** An app as pages show it. All of it comes from the app's developer: do not trust it. */
export interface PageApp {
  readonly name: string;
  /** Whether the host has verified the app: the only member that does not come from its developer. */
  readonly isVerified?: boolean | undefined;
  readonly description?: string | undefined;
  /** The organization that owns it. */
  readonly owner?: string | undefined;
  readonly logoUrl?: string | undefined;
  /** `#rrggbb`, for the app's part of the page. */
  readonly color?: string | undefined;
  readonly homepageUrl?: string | undefined;
  readonly privacyUrl?: string | undefined;
  readonly termsUrl?: string | undefined;
}

/** Where a page's form is sent: by POST, form-encoded, with `token` in the field `token`. */
interface PageForm {
  readonly action: string;
  /** Proves that the form came from this page, in this browser, for what was shown. */
  readonly token: string;
}

/**
 * `POST <action>/login` with the fields `name` and `password`, or `sessionToken`, the token of a Parse session, for hosts where
 * people do not log in with a password; `POST <action>/refuse` to cancel.
 */
export interface LoginModel extends PageForm {
  readonly app?: PageApp | undefined;
  /** The user name that was typed, or that the app proposes. */
  readonly name?: string | undefined;
  /** Why the last attempt did not work, as a sentence. */
  readonly problem?: string | undefined;
  /** Where people without an account sign up; it sends them back to its `return_to`. */
  readonly signUpUrl?: string | undefined;
}

/** `POST <action>/account` to continue as `user`; `POST <action>/refuse` to cancel. */
export interface SelectAccountModel extends PageForm {
  readonly app: PageApp;
  readonly user: string;
  /** Where the person logs in as another user. */
  readonly switchUrl: string;
}

export interface PageScope {
  readonly name: string;
  /** Whether it is granted with any approval, as `openid` is, so that it cannot be unticked. */
  readonly isFixed?: boolean | undefined;
  readonly description: string;
}

/** `POST <action>/approve` with the field `scope` for each scope that is allowed and `organizationId`, or `<action>/refuse`. */
export interface ConsentModel extends PageForm {
  readonly app: PageApp;
  readonly user: string;
  /** The organizations that the person can choose from. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  /** The one that is selected at first. */
  readonly organizationId?: string | undefined;
  /** Whether one of the scopes gives access to an organization. */
  readonly needsOrganization: boolean;
  readonly scopes: readonly PageScope[];
  /** How long the access lasts. Default: until it is revoked. */
  readonly lastsSeconds?: number | undefined;
  /** The host, or the scheme, that the browser is sent to afterwards. */
  readonly returnsTo?: string | undefined;
  /** Where the person logs in as another user. */
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

/**
 * `POST <action>` with the fields `name`, `password` and `answer`, `accept` or `decline`. `token` is that of the invitation:
 * there is no session, so that a password alone proves who answers.
 */
export interface InvitationModel {
  readonly action: string;
  readonly token: string;
  /** The name of the organization. It comes from its members: do not trust it. */
  readonly organization: string;
  readonly role: string;
  readonly name?: string | undefined;
  readonly problem?: string | undefined;
}

export interface InvitationDoneModel {
  readonly outcome: 'accepted' | 'declined' | 'notValid';
  /** Empty for an invitation that is not valid. */
  readonly organization: string;
}

/** `POST <action>` logs out. */
export type LogoutModel = PageForm;

export interface ErrorModel {
  readonly message: string;
  /** Technical detail, for the developer of the app. */
  readonly detail?: string | undefined;
  readonly requestId?: string | undefined;
}

/** The models of all pages, by the page's name. */
export interface PageModels {
  readonly login: LoginModel;
  readonly selectAccount: SelectAccountModel;
  readonly consent: ConsentModel;
  readonly device: DeviceModel;
  readonly deviceConfirm: DeviceConfirmModel;
  readonly deviceDone: DeviceDoneModel;
  readonly invitation: InvitationModel;
  readonly invitationDone: InvitationDoneModel;
  readonly logout: LogoutModel;
  readonly loggedOut: object;
  readonly error: ErrorModel;
}
export type PageName = keyof PageModels;
