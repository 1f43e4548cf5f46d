import type { Channel, IncidentSeverity } from '@stellwerk/flows';
import type { HttpRequest, HttpResponse } from '@stellwerk/http';
import type { Notice } from '../plan/notice.js';
import type { Mail } from './mail.channel.js';
import type { Living, Outcomes, Verdict } from './outcome.js';

/** One message on its way: what is said, under which id. */
export interface Parcel {
  id: string;
  notice: Notice;
  /** Of kinds that edit: the message that shows the run; absent = there is none yet. */
  living?: Living;
  /** `thread`: a line below `living`; else a message, or the new look of `living`. */
  lane?: 'message' | 'thread';
}

/** Reveals the channel's secrets; throws PermanentError when one is not there. */
export interface Revealed {
  url: string;
  /** webhook: the signing key; pagerduty: the routing key. */
  secret?: string;
  severity?: IncidentSeverity;
  /** slack: a bot's token and its channel; `url` is then the root of the API. */
  bot?: { token: string; channel: string };
}

/** A kind of channel: how a message to it looks, and what its answers mean. */
interface Kind {
  type: Channel['type'];
  /** May a send whose outcome is unknown be repeated? Only where the receiver can tell that it is the same. */
  repeatable: boolean;
  /** Is it told what happened before something that it was told already? Programs are, people are not. */
  takesLate: boolean;
  /** It edits: one message a run, which shows the run's newest state. An edit may be repeated, whatever `repeatable` says of new messages. */
  living?: boolean;
  /** Waits between tries, in ms; when they are used up the message is dead. */
  schedule: readonly number[];
  /** The thing of which the receiver keeps one state: what is said of it stays in order over all its runs. */
  incident?(notice: Notice): string;
  /** 429: how long the answer asks to wait, where it is not in the headers. */
  waitMs?(response: HttpResponse): number | undefined;
  /** 429 that names no time: so long, in ms. */
  gateMs?: number;
  /** What a refusal says is wrong. */
  detail?(response: HttpResponse): string | undefined;
  /** What a 2xx means, of receivers that say in its body what they think. `editing`: an edit was asked for; `outcomes` makes what depends on the try. */
  judge?(response: HttpResponse, outcomes: Outcomes, editing: boolean): Verdict;
}

/** One whose messages are HTTP requests. */
export interface HttpKind extends Kind {
  /** Where messages go when the channel has no `url`. */
  defaultUrl?: string;
  request(parcel: Parcel, revealed: Revealed, now: Date): Pick<HttpRequest, 'url' | 'headers' | 'body'>;
}

/** One whose messages are mails. */
export interface MailKind extends Kind {
  mail(parcel: Parcel, channel: Pick<Channel, 'from' | 'to'>): Mail;
}

export type ChannelKind = HttpKind | MailKind;
