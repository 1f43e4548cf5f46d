import type { Channel } from '@stellwerk/flows';
import type { HttpRequest, HttpResponse } from '@stellwerk/http';
import type { Notice } from '../plan/notice.js';

/** One message on its way: what is said, under which id. */
export interface Parcel {
  id: string;
  notice: Notice;
}

/** Reveals the channel's secrets; throws PermanentError when one is not there. */
export interface Revealed {
  url: string;
  /** webhook: the signing key. */
  secret?: string;
}

/** A kind of channel: how a message to it looks, and what its answers mean. */
export interface ChannelKind {
  type: Channel['type'];
  /** May a send whose outcome is unknown be repeated? Only where the receiver can tell that it is the same. */
  repeatable: boolean;
  /** Waits between tries, in ms; when they are used up the message is dead. */
  schedule: readonly number[];
  request(parcel: Parcel, revealed: Revealed, now: Date): Pick<HttpRequest, 'url' | 'headers' | 'body'>;
  /** 429: how long the answer asks to wait, where it is not in the headers. */
  waitMs?(response: HttpResponse): number | undefined;
}
