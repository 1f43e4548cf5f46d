import { Injectable } from '@nestjs/common';
import { jetstreamManager, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import { CONSUMERS, STREAMS } from '@stellwerk/contracts';
import { StoreAwayError } from '@stellwerk/service-kit';
import { NatsLink } from './nats-link.js';
import { oldestUnsettled } from './oldest-unsettled.js';
import { purgeBelow, type Filling } from './stream-room.js';

/** What is read from after it was acked keeps its whole time: dead letters are shown, replayed and purged one by one. */
const KEPT_WHOLE: readonly string[] = [STREAMS.deadLetters.name];

export interface Fill {
  stream: string;
  messages: number;
  bytes: number;
  maxBytes: number;
  /** So full that settled messages should go. */
  full: boolean;
}

export interface RoomReport {
  /** Messages purged to make room. */
  purged: number;
  /** Nothing may go: the consumer that has the oldest unsettled message. */
  heldBy?: string;
}

/** Makes room in full streams, so that only a backlog that is not settled holds senders back. */
@Injectable()
export class StreamKeeper {
  constructor(private readonly link: NatsLink) {}

  /** How full each stream is. Throws what the broker answers, StoreAwayError while it is away. */
  async look(): Promise<Fill[]> {
    const manager = await this.#manager();
    return Promise.all(Object.values(STREAMS).map(async ({ name: stream }) => {
      const filling = await fillingOf(manager, stream);
      const { messages, bytes, maxBytes } = filling;
      return { stream, messages, bytes, maxBytes, full: !KEPT_WHOLE.includes(stream) && purgeBelow({ ...filling, unsettled: [] }) !== undefined };
    }));
  }

  /** Purges the oldest settled messages of a stream that is full. Throws what the broker answers, StoreAwayError while it is away. */
  async makeRoom(stream: string): Promise<RoomReport> {
    const manager = await this.#manager();
    // Before the consumers: what comes later they may not have been asked about.
    const filling = await fillingOf(manager, stream);
    const consumers = await consumersOn(manager, stream);
    const unsettled = await Promise.all(consumers.map(async (info) => (await oldestUnsettled(manager, info))?.sequence));
    const below = purgeBelow({ ...filling, unsettled });
    if (below === undefined) return { purged: 0, heldBy: slowestOf(consumers, unsettled) };
    const { purged } = await manager.streams.purge(stream, { seq: below });
    return { purged };
  }

  #manager(): Promise<JetStreamManager> {
    if (!this.link.up) throw new StoreAwayError('the broker is away');
    return jetstreamManager(this.link.connection, { checkAPI: false });
  }
}

async function fillingOf(manager: JetStreamManager, stream: string): Promise<Omit<Filling, 'unsettled'>> {
  const { state, config } = await manager.streams.info(stream);
  return { firstSequence: state.first_seq, lastSequence: state.last_seq, messages: state.messages, bytes: state.bytes, maxBytes: config.max_bytes };
}

/**
 * Everyone who reads the stream, teams' own consumers included. Throws when one of ours is not there: an operator
 * deleted it, and nobody knows how far it was.
 */
async function consumersOn(manager: JetStreamManager, stream: string): Promise<ConsumerInfo[]> {
  const found: ConsumerInfo[] = [];
  for await (const info of manager.consumers.list(stream)) found.push(info);
  const missing = CONSUMERS.filter((spec) => spec.stream === stream && !found.some(({ name }) => name === spec.name));
  if (missing.length > 0) throw new Error(`${stream} is too full, but consumer ${missing.map(({ name }) => name).join(', ')} does not exist (run the declare job)`);
  return found;
}

const slowestOf = (consumers: readonly ConsumerInfo[], unsettled: readonly (number | undefined)[]): string | undefined => {
  const oldest = Math.min(...unsettled.map((sequence) => sequence ?? Infinity));
  return consumers[unsettled.indexOf(oldest)]?.name;
};
