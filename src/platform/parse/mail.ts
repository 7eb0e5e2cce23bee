import { type ParseSdk, serverConfig } from './sdk.js';

/** Sends mail through the e-mail adapter of the host's Parse Server, if it has one. */
export interface ParseMail {
  /**
   * Returns whether the message was passed to the adapter: there may be no adapter, or no address of the user. Rejects
   * when the adapter does.
   */
  send(message: MailToUser): Promise<boolean>;
  /** Whether Parse Server has an e-mail adapter. */
  canSend(): boolean;
  /** Sends to an address, whether or not a user has it. Returns false without an adapter; rejects when the adapter does. */
  sendTo(message: MailToAddress): Promise<boolean>;
}

interface MailToAddress {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

interface MailToUser {
  readonly userId: string;
  readonly subject: string;
  readonly text: string;
}

/** https://docs.parseplatform.org/parse-server/guide/#configuring-email-adapters */
interface MailAdapter {
  sendMail(message: { to: string; subject: string; text: string }): Promise<unknown>;
}

export function parseMail(Parse: ParseSdk): ParseMail {
  const { userController } = serverConfig(Parse) as {
    readonly userController?: { readonly adapter?: MailAdapter | null };
  };
  return {
    canSend: () => userController?.adapter !== undefined && userController.adapter !== null,
    async sendTo(message) {
      const adapter = userController?.adapter;
      if (!adapter) return false;
      await adapter.sendMail(message);
      return true;
    },
    async send({ userId, subject, text }) {
      const adapter = userController?.adapter;
      if (!adapter) return false;
      const byId = new Parse.Query(Parse.User).equalTo('objectId', userId);
      const user = await byId.select('email').first({ useMasterKey: true });
      const to: unknown = user?.get('email');
      if (typeof to !== 'string' || to === '') return false;
      await adapter.sendMail({ to, subject, text });
      return true;
    },
  };
}
