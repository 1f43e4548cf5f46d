import { Injectable } from '@nestjs/common';
import { Resources, Secrets } from '@stellwerk/config';
import type { Channel } from '@stellwerk/flows';
import { HttpClient, HttpFailure } from '@stellwerk/http';
import { PermanentError } from '@stellwerk/service-kit';
import { kindFor, SmtpClient, type ChannelKind, type HttpKind, type MailKind, type Parcel, type Revealed, type Verdict } from '../channels/index.js';
import { NotifierConfig } from '../notifier.config.js';
import { mannerOf } from '../plan/manner.js';
import type { Abilities } from './claims.js';
import { LEASE_SECONDS, type ClaimedDelivery } from './due.repository.js';
import { verdictOfAnswer, verdictOfFailure, verdictOfReply, type Try } from './verdict.js';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;

const parcelOf = ({ id, notice, repeats, living, lane }: ClaimedDelivery): Parcel => ({ id, notice: { ...notice, ...(repeats > 0 && { repeats }) }, living, lane });

interface Order<K extends ChannelKind> {
  parcel: Parcel;
  channel: Channel;
  kind: K;
  /** One that was stopped for long may find its turn taken by another, and something newer in the place of what it holds. */
  maySend: () => boolean;
  one: Try;
}

/** Tries one message once. */
@Injectable()
export class Send {
  constructor(
    private readonly config: NotifierConfig,
    private readonly resources: Resources,
    private readonly secrets: Secrets,
    private readonly http: HttpClient,
    private readonly smtp: SmtpClient,
  ) {}

  /** The channel's kind, for metrics. */
  typeOf(channel: string): string {
    return this.resources.current().channels[channel]?.type ?? 'none';
  }

  /** What the channels can that there are. */
  abilities(): Abilities {
    const channels = Object.values(this.resources.current().channels);
    const those = (can: (kind: ChannelKind) => boolean | undefined): string[] => channels.filter((channel) => {
      const kind = kindFor(channel);
      return kind !== undefined && can(kind);
    }).map(({ name }) => name);
    return {
      repeatable: those(({ repeatable }) => repeatable), takeLate: those(({ takesLate }) => takesLate), living: those(({ living }) => living),
      manners: Object.fromEntries(channels.map((channel) => [channel.name, mannerOf(channel)])),
    };
  }

  async run(delivery: ClaimedDelivery, now: Date): Promise<Verdict> {
    const channel = this.resources.current().channels[delivery.channel];
    if (!channel) return { end: 'dead', reason: 'the channel is no longer in the configuration' };
    const kind = kindFor(channel);
    if (!kind) return { end: 'dead', reason: `channels of type ${channel.type} cannot be sent to yet` };
    const until = performance.now() + (LEASE_SECONDS * 1_000) / 2;
    const one: Try = { kind, attempt: delivery.attempt, now, editing: delivery.living !== undefined && delivery.lane === 'message' };
    const order = { parcel: parcelOf(delivery), channel, maySend: () => performance.now() < until, one };
    try {
      return await ('mail' in kind ? this.mail({ ...order, kind }) : this.send({ ...order, kind }));
    } catch (error) {
      if (error instanceof HttpFailure) return verdictOfFailure(one, error);
      // Of what cannot be set up nothing was sent; the text is ours and names no secret.
      if (error instanceof PermanentError) return { end: 'dead', reason: error.message };
      throw error;
    }
  }

  private async send({ parcel, channel, kind, maySend, one }: Order<HttpKind>): Promise<Verdict> {
    const revealed = this.reveal(channel, kind);
    const { url, headers, body } = kind.request(parcel, revealed, one.now);
    const response = await this.http.request({
      method: 'POST', url, secretPath: true, headers, body, timeoutMs: TIMEOUT_MS, allow: channel.network.allow, maxBytes: MAX_ANSWER_BYTES, maySend,
    });
    return verdictOfAnswer({ ...one, now: new Date(), secret: revealed.secret }, response);
  }

  private async mail({ parcel, channel, kind, maySend, one }: Order<MailKind>): Promise<Verdict> {
    if (!channel.smtp) throw new PermanentError('the channel has no `smtp`');
    const { password, ...server } = channel.smtp;
    const secret = password && this.secrets.resolve(password).reveal();
    const reply = await this.smtp.send(kind.mail(parcel, channel), { ...server, password: secret, allow: channel.network.allow, timeoutMs: TIMEOUT_MS, maySend });
    return verdictOfReply(one, reply);
  }

  private reveal(channel: Channel, { defaultUrl }: HttpKind): Revealed {
    if (channel.token && channel.channel !== undefined) {
      return { url: this.config.slackApiUrl, bot: { token: this.secrets.resolve(channel.token).reveal().trim(), channel: channel.channel } };
    }
    const url = channel.url ? this.secrets.resolve(channel.url).reveal().trim() : defaultUrl;
    if (url === undefined) throw new PermanentError('the channel has no `url`');
    // Said here, as the text of another's error would hold the address.
    if (!URL.canParse(url)) throw new PermanentError('the channel\'s `url` is not a URL');
    const key = channel.secret ?? channel.routingKey;
    return { url, secret: key && this.secrets.resolve(key).reveal().trim(), severity: channel.severity };
  }
}
