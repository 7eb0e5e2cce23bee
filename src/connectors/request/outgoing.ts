/** A request as it leaves, but for the credential. */
export interface Outgoing {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** Which of the connector's servers it goes to, where the action names one. */
  readonly server?: string;
  /** How its answer is read: ActionRequest. */
  readonly reads?: 'bytes';
}
