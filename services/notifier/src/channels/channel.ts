import type { Channel, IncidentSeverity } from '@stellwerk/flows';
import type { HttpRequest, HttpResponse } from '@stellwerk/http';
import type { Notice } from '../plan/notice.js';
import type { Mail } from './mail.channel.js';

/** One message on its way: what is said, under which id. */
export interface Parcel {
  id: string;
  notice: Notice;
}

/** Reveals the channel's secrets; throws PermanentError when one is not there. */
export interface Revealed {
  url: string;
  /** webhook: the signing key; pagerduty: the routing key. */
  secret?: string;
  severity?: IncidentSeverity;
}

/** A kind of channel: how a message to it looks, and what its answers mean. */
interface Kind {
  type: Channel['type'];
  /** May a send whose outcome is unknown be repeated? Only where the receiver can tell that it is the same. */
  repeatable: boolean;
  /** Is it told what happened before something that it was told already? Programs are, people are not. */
  takesLate: boolean;
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
