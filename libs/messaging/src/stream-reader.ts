import { Injectable } from '@nestjs/common';
import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import { StoreAwayError, messageOf } from '@stellwerk/service-kit';
import { plainHeaders } from './dead-letter.js';
import { NatsLink } from './nats-link.js';
import { oldestUnsettled } from './oldest-unsettled.js';

/** A message as its stream keeps it. */
export interface KeptMessage {
  sequence: number;
  subject: string;
  /** Names as they were written; of repeated ones the last. */
  headers: Record<string, string>;
  body: Buffer;
  /** When the stream took it. */
  time: Date;
}

export interface StreamState {
  /** Of the oldest message still kept; of the next one when the stream is empty. */
  firstSequence: number;
  lastSequence: number;
  messages: number;
  bytes: number;
  maxBytes: number;
}

const keptMessage = (message: StoredMsg): KeptMessage => ({
  sequence: message.seq,
  subject: message.subject,
  headers: plainHeaders({ headers: message.header }),
  body: Buffer.from(message.data),
  time: message.time,
});

/** What another part of a stream holds, for people's questions and orders: no consumer, no position, nothing is taken. */
@Injectable()
export class StreamReader {
  constructor(private readonly link: NatsLink) {}

  /** Undefined when it is there no more. Throws StoreAwayError. */
  async at(stream: string, sequence: number): Promise<KeptMessage | undefined> {
    const message = await this.#ask((manager) => manager.streams.getMessage(stream, { seq: sequence }));
    return message ? keptMessage(message) : undefined;
  }

  /** The first message from `sequence` on whose subject fits; `subject` may hold wildcards. Throws StoreAwayError. */
  async next(stream: string, sequence: number, subject: string): Promise<KeptMessage | undefined> {
    const query = { seq: Math.max(1, sequence), next_by_subj: subject };
    // The client's type leaves it out, servers take it: https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-31.md
    const message = await this.#ask((manager) => manager.streams.getMessage(stream, query as unknown as { seq: number }));
    return message ? keptMessage(message) : undefined;
  }

  /** Sequence from which on everything was stored at `time` or later, by halving. Throws StoreAwayError. */
  async sequenceAt(stream: string, time: Date): Promise<number> {
    const { firstSequence, lastSequence } = await this.state(stream);
    let [low, high] = [firstSequence, lastSequence + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = await this.next(stream, middle, '>');
      if (found && found.time < time) low = found.sequence + 1;
      else high = middle;
    }
    return low;
  }

  /** Throws StoreAwayError. */
  async state(stream: string): Promise<StreamState> {
    const { state, config } = await this.#ask((manager) => manager.streams.info(stream));
    return { firstSequence: Math.max(1, state.first_seq), lastSequence: state.last_seq, messages: state.messages, bytes: state.bytes, maxBytes: config.max_bytes };
  }

  /** Messages a consumer has before it, delivered or not, and not settled. Throws StoreAwayError. */
  async backlog(stream: string, consumer: string): Promise<number> {
    const { num_pending, num_ack_pending } = await this.#ask((manager) => manager.consumers.info(stream, consumer));
    return num_pending + num_ack_pending;
  }

  /** Everything up to this sequence was handed out by a consumer at least once, settled or not. Throws StoreAwayError. */
  async deliveredUpTo(stream: string, consumer: string): Promise<number> {
    return (await this.#ask((manager) => manager.consumers.info(stream, consumer))).delivered.stream_seq;
  }

  /** Everything up to this sequence is settled by a consumer that takes all of the stream. Throws StoreAwayError. */
  async settledUpTo(stream: string, consumer: string): Promise<number> {
    return (await this.#ask((manager) => manager.consumers.info(stream, consumer))).ack_floor.stream_seq;
  }

  /** All that was stored before this time is settled by the consumer; `now` when it has nothing before it. Throws StoreAwayError. */
  async settledUntil(stream: string, consumer: string, now: Date): Promise<Date> {
    const oldest = await this.#ask(async (manager) => oldestUnsettled(manager, await manager.consumers.info(stream, consumer)));
    return oldest?.time ?? now;
  }

  /** Overwrites a message where it is stored. False when it was there no more. Throws StoreAwayError. */
  async erase(stream: string, sequence: number): Promise<boolean> {
    if (!(await this.at(stream, sequence))) return false;
    return this.#ask((manager) => manager.streams.deleteMessage(stream, sequence));
  }

  async #ask<T>(question: (manager: JetStreamManager) => Promise<T>): Promise<T> {
    if (!this.link.up) throw new StoreAwayError('the broker is away');
    try {
      return await question(await jetstreamManager(this.link.connection, { checkAPI: false }));
    } catch (error) {
      throw new StoreAwayError(`the broker did not give what was asked: ${messageOf(error)}`, { cause: error });
    }
  }
}
