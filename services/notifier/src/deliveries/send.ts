import { Injectable } from '@nestjs/common';
import { Resources, Secrets } from '@stellwerk/config';
import type { Channel } from '@stellwerk/flows';
import { HttpClient, HttpFailure } from '@stellwerk/http';
import { PermanentError } from '@stellwerk/service-kit';
import { kindOf, SmtpClient, type ChannelKind, type HttpKind, type MailKind, type Revealed } from '../channels/index.js';
import type { ClaimedDelivery } from './deliveries.repository.js';
import { verdictOfAnswer, verdictOfFailure, verdictOfReply, type Verdict } from './verdict.js';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;

interface Order<K extends ChannelKind> {
  delivery: ClaimedDelivery;
  channel: Channel;
  kind: K;
  now: Date;
}

/** Tries one message once. */
@Injectable()
export class Send {
  constructor(
    private readonly resources: Resources,
    private readonly secrets: Secrets,
    private readonly http: HttpClient,
    private readonly smtp: SmtpClient,
  ) {}

  /** The channel's kind, for metrics. */
  typeOf(channel: string): string {
    return this.resources.current().channels[channel]?.type ?? 'none';
  }

  /** Names of the channels to which a message may be sent again though it may have arrived. */
  repeatable(): string[] {
    return this.channelsWhere(({ repeatable }) => repeatable);
  }

  /** Names of the channels that are told what happened before something that they were told already. */
  takeLate(): string[] {
    return this.channelsWhere(({ takesLate }) => takesLate);
  }

  async run(delivery: ClaimedDelivery, now: Date): Promise<Verdict> {
    const channel = this.resources.current().channels[delivery.channel];
    if (!channel) return { end: 'dead', reason: 'the channel is no longer in the configuration' };
    const kind = kindOf(channel.type);
    if (!kind) return { end: 'dead', reason: `channels of type ${channel.type} cannot be sent to yet` };
    try {
      return await ('mail' in kind ? this.mail({ delivery, channel, kind, now }) : this.send({ delivery, channel, kind, now }));
    } catch (error) {
      if (error instanceof HttpFailure) return verdictOfFailure({ kind, attempt: delivery.attempt, now }, error);
      // Of what cannot be set up nothing was sent; the text is ours and names no secret.
      if (error instanceof PermanentError) return { end: 'dead', reason: error.message };
      throw error;
    }
  }

  private async send({ delivery, channel, kind, now }: Order<HttpKind>): Promise<Verdict> {
    const revealed = this.reveal(channel, kind);
    const { url, headers, body } = kind.request(delivery, revealed, now);
    const response = await this.http.request({
      method: 'POST', url, secretPath: true, headers, body, timeoutMs: TIMEOUT_MS, allow: channel.network.allow, maxBytes: MAX_ANSWER_BYTES,
    });
    return verdictOfAnswer({ kind, attempt: delivery.attempt, now: new Date(), secret: revealed.secret }, response);
  }

  private async mail({ delivery, channel, kind, now }: Order<MailKind>): Promise<Verdict> {
    if (!channel.smtp) throw new PermanentError('the channel has no `smtp`');
    const { password, ...server } = channel.smtp;
    const secret = password && this.secrets.resolve(password).reveal();
    const reply = await this.smtp.send(kind.mail(delivery, channel), { ...server, password: secret, allow: channel.network.allow, timeoutMs: TIMEOUT_MS });
    return verdictOfReply({ kind, attempt: delivery.attempt, now }, reply);
  }

  private channelsWhere(holds: (kind: ChannelKind) => boolean): string[] {
    return Object.values(this.resources.current().channels).filter(({ type }) => {
      const kind = kindOf(type);
      return kind !== undefined && holds(kind);
    }).map(({ name }) => name);
  }

  private reveal({ url: reference, secret, routingKey, severity }: Channel, { defaultUrl }: HttpKind): Revealed {
    const url = reference ? this.secrets.resolve(reference).reveal().trim() : defaultUrl;
    if (url === undefined) throw new PermanentError('the channel has no `url`');
    // Said here, as the text of another's error would hold the address.
    if (!URL.canParse(url)) throw new PermanentError('the channel\'s `url` is not a URL');
    const key = secret ?? routingKey;
    return { url, secret: key && this.secrets.resolve(key).reveal().trim(), severity };
  }
}
