import { Injectable } from '@nestjs/common';
import { Resources, Secrets } from '@stellwerk/config';
import type { Channel } from '@stellwerk/flows';
import { HttpClient, HttpFailure, type HttpResponse } from '@stellwerk/http';
import { PermanentError } from '@stellwerk/service-kit';
import { kindFor, type ChannelKind, type Parcel, type Revealed, type Verdict } from '../channels/index.js';
import { NotifierConfig } from '../notifier.config.js';
import { mannerOf } from '../plan/manner.js';
import type { Abilities } from './claims.js';
import { LEASE_SECONDS, type ClaimedDelivery } from './due.repository.js';
import { verdictOfAnswer, verdictOfFailure } from './verdict.js';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;

const NOTHING: Pick<ChannelKind, 'repeatable' | 'living'> = { repeatable: false };

const parcelOf = ({ id, notice, repeats, living, lane }: ClaimedDelivery): Parcel => ({ id, notice: { ...notice, ...(repeats > 0 && { repeats }) }, living, lane });

/** Tries one message once. */
@Injectable()
export class Send {
  constructor(
    private readonly config: NotifierConfig,
    private readonly resources: Resources,
    private readonly secrets: Secrets,
    private readonly http: HttpClient,
  ) {}

  /** The channel's kind, for metrics. */
  typeOf(channel: string): string {
    return this.resources.current().channels[channel]?.type ?? 'none';
  }

  /** What the channels can that there are. */
  abilities(): Abilities {
    const channels = Object.values(this.resources.current().channels);
    const those = (can: (kind: typeof NOTHING) => boolean | undefined): string[] => channels.filter((channel) => can(kindFor(channel) ?? NOTHING)).map(({ name }) => name);
    return { repeatable: those(({ repeatable }) => repeatable), living: those(({ living }) => living), manners: Object.fromEntries(channels.map((channel) => [channel.name, mannerOf(channel)])) };
  }

  async run(delivery: ClaimedDelivery, now: Date): Promise<Verdict> {
    const channel = this.resources.current().channels[delivery.channel];
    if (!channel) return { end: 'dead', reason: 'the channel is no longer in the configuration' };
    const kind = kindFor(channel);
    if (!kind) return { end: 'dead', reason: `channels of type ${channel.type} cannot be sent to yet` };
    const one = { kind, attempt: delivery.attempt, editing: delivery.living !== undefined && delivery.lane === 'message' };
    try {
      const response = await this.send({ delivery, channel, kind, now });
      return verdictOfAnswer({ ...one, now: new Date() }, response);
    } catch (error) {
      if (error instanceof HttpFailure) return verdictOfFailure({ ...one, now }, error);
      // Of what cannot be set up nothing was sent; the text is ours and names no secret.
      if (error instanceof PermanentError) return { end: 'dead', reason: error.message };
      throw error;
    }
  }

  private async send({ delivery, channel, kind, now }: { delivery: ClaimedDelivery; channel: Channel; kind: ChannelKind; now: Date }): Promise<HttpResponse> {
    // One that was stopped for long may find its turn taken by another, and something newer in the place of what it holds.
    const until = performance.now() + (LEASE_SECONDS * 1_000) / 2;
    const { url, headers, body } = kind.request(parcelOf(delivery), this.reveal(channel), now);
    return this.http.request({
      method: 'POST', url, secretPath: true, headers, body, timeoutMs: TIMEOUT_MS, allow: channel.network.allow, maxBytes: MAX_ANSWER_BYTES,
      maySend: () => performance.now() < until,
    });
  }

  private reveal(channel: Channel): Revealed {
    if (channel.token && channel.channel !== undefined) {
      return { url: this.config.slackApiUrl, bot: { token: this.secrets.resolve(channel.token).reveal().trim(), channel: channel.channel } };
    }
    if (!channel.url) throw new PermanentError('the channel has no `url`');
    const url = this.secrets.resolve(channel.url).reveal().trim();
    // Said here, as the text of another's error would hold the address.
    if (!URL.canParse(url)) throw new PermanentError('the channel\'s `url` is not a URL');
    return { url, secret: channel.secret && this.secrets.resolve(channel.secret).reveal().trim() };
  }
}
