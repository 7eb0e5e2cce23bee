import type { Role } from '../../contract/index.js';
import { DAY_MS, HOUR_MS } from '../../platform/durations.js';
import { waitSeconds } from '../../platform/http/retryAfter.js';
import { derivedId } from '../../platform/ids.js';
import {
  forgettableAtMs,
  type Limit,
  type LimitState,
  type Meters,
  take,
} from '../../platform/limits/index.js';
import { organizationErrors } from '../errors.js';

/** What the e-mail of an invitation can be made from. */
export interface InvitationNotice {
  readonly organization: { readonly id: string; readonly name: string };
  readonly email: string;
  readonly role: Role;
  /** The page on which the invited user accepts or declines. Any signed-in user who has it can accept. */
  readonly link: string;
  readonly expiresAt: Date;
}

export interface InvitationMail {
  readonly subject: string;
  readonly text: string;
}

/** The default e-mail. It has no words of the inviter's but the organization's name, and that only if it is no address. */
export function defaultInvitationMail(notice: InvitationNotice): InvitationMail {
  const { organization, role, link, expiresAt } = notice;
  const name = shownName(organization.name);
  return {
    subject: `Invitation to join ${name}`,
    text: [
      `You are invited to join ${name} as ${role}. To accept or decline, open`,
      link,
      `The link works once, until ${expiresAt.toISOString()}, and for everyone who has it: do not pass it on.`,
      'If you do not know who invites you, ignore this message.',
    ].join('\n\n'),
  };
}

/** Returns a name on one line, in quotes. A name that mail programs could show as a link is not repeated to people outside of the organization. */
function shownName(name: string): string {
  const line = name.replace(/\s+/g, ' ');
  return /:\/\/|www\.|\w\.\w|@/i.test(line) ? 'an organization' : `“${line}”`;
}

const DAY_SECONDS = DAY_MS / 1000;
const HOUR_SECONDS = HOUR_MS / 1000;

/** How many invitations are mailed: of one organization, by one member in all organizations, to one address from all. */
const LIMITS = {
  organization: { strategy: 'slidingWindow', calls: 200, perSeconds: DAY_SECONDS },
  inviter: { strategy: 'slidingWindow', calls: 200, perSeconds: DAY_SECONDS },
  address: { strategy: 'slidingWindow', calls: 5, perSeconds: HOUR_SECONDS },
} as const satisfies Readonly<Record<string, Limit>>;

/** Counts a message. Throws InvitationMailsLimited. The answer does not depend on who has the address. */
export async function checkMailAllowed(
  meters: Meters,
  {
    organizationId,
    inviterId,
    email,
  }: {
    readonly organizationId: string;
    readonly inviterId: string | undefined;
    readonly email: string;
  },
): Promise<void> {
  await takeOne(meters, LIMITS.address, `to:${derivedId(email)}`);
  await takeOne(meters, LIMITS.organization, `of:${organizationId}`);
  if (inviterId !== undefined) await takeOne(meters, LIMITS.inviter, `by:${inviterId}`);
}

async function takeOne(meters: Meters, limit: Limit, key: string): Promise<void> {
  const waitMs = await meters.decide(`organizationInvitations:${key}`, (state, nowMs) => {
    const taken = take(limit, state['mails'] as LimitState | undefined, nowMs);
    if (!taken.allowed) return { state, result: taken.retryAtMs - nowMs };
    const keepUntilMs = forgettableAtMs(limit, taken.state);
    return { state: { mails: taken.state }, keepUntilMs, result: undefined };
  });
  if (waitMs === undefined) return;
  const seconds = waitSeconds(waitMs);
  const detail = { retryAfterSeconds: seconds };
  throw organizationErrors.InvitationMailsLimited({ seconds }, { detail });
}
