import { PermanentError } from '@stellwerk/service-kit';
import { mailText, threadId } from '../render/mail.render.js';
import type { MailKind } from './channel.js';
import { CHAT_SCHEDULE } from './schedules.js';

/** A mail as it is handed to a server. */
export interface Mail {
  from: Address;
  to: Address[];
  subject: string;
  text: string;
  html: string;
  /** With angle brackets. */
  messageId: string;
  thread: string;
  flow: string;
}

export interface Address {
  name: string;
  address: string;
}

/** `ci@example.com` or `Stellwerk <ci@example.com>`; lint has seen to its form. */
const addressOf = (text: string): Address => {
  const [, name = '', inBrackets] = /^(.*) <([^<>]+)>$/.exec(text) ?? [];
  return { name, address: inBrackets ?? text };
};

/** Mail by SMTP. A server does not tell a repeated mail from a new one, though both have one Message-ID; many programs show both. */
export const mailChannel: MailKind = {
  type: 'mail',
  repeatable: false,
  takesLate: false,
  schedule: CHAT_SCHEDULE,
  mail: ({ id, notice }, { from, to }) => {
    if (from === undefined || !to) throw new PermanentError('the channel has no `from` or no `to`');
    const sender = addressOf(from);
    const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
    return { from: sender, to: to.map(addressOf), ...mailText(notice), messageId: `<${id}@${domain}>`, thread: threadId(notice.run, domain), flow: notice.flow };
  },
};
