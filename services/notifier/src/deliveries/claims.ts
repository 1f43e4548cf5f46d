import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { Living } from '../channels/index.js';
import { UNCOUNTED, type Fate, type Manner } from '../plan/repeats.js';
import type { Claim } from './claim.js';
import { CloseDigest } from './close-digest.js';
import { DueRepository, type Due } from './due.repository.js';
import { placeOf } from './place.js';
import { QuietRepository } from './quiet.repository.js';
import { ThreadsRepository } from './threads.repository.js';

/** What the channels can, by their names. */
export interface Abilities {
  /** A message may be sent again though it may have arrived. */
  repeatable: readonly string[];
  /** They are told what happened before something that they were told already. */
  takeLate: readonly string[];
  /** Messages can be edited. */
  living: readonly string[];
  /** How channels are spared. */
  manners: Readonly<Record<string, Manner | undefined>>;
}

type Ready = { place: 'send'; living?: Living } | { place: 'wait' | 'counted' } | { place: 'superseded'; why: string };

/** Hands out what is due, each to one process. */
@Injectable()
export class Claims {
  constructor(
    private readonly database: Database,
    private readonly due: DueRepository,
    private readonly threads: ThreadsRepository,
    private readonly quiet: QuietRepository,
    private readonly digests: CloseDigest,
  ) {}

  /** What is to be sent now, its intent written with it; or what people shall no longer hear. */
  async claim(abilities: Abilities): Promise<Claim | undefined> {
    // Digests first: where messages never end, they would never be the next.
    return this.database.transaction(async (tx) => (await this.digests.claim(tx, abilities.manners)) ?? this.claimMessage(tx, abilities));
  }

  private async claimMessage(tx: Queryable, abilities: Abilities): Promise<Claim | undefined> {
    const due = await this.due.next(tx);
    if (!due) return undefined;
    const ready = await this.ready(tx, due, abilities);
    if (ready.place === 'send') return { place: 'send', delivery: await this.due.begin(tx, due, ready.living) };
    if (ready.place === 'wait') await this.due.putOff(tx, due.id);
    if (ready.place === 'superseded') await this.due.supersede(tx, due.id, ready.why);
    return { place: ready.place, delivery: due };
  }

  /** Settles what killed processes left: sent again where that is no second message, else `unknown`. */
  async release({ repeatable }: Abilities): Promise<{ id: string; run: string; channel: string; state: string }[]> {
    return this.due.release(repeatable);
  }

  private async ready(tx: Queryable, due: Due, { takeLate, living, manners }: Abilities): Promise<Ready> {
    const siblings = await this.due.siblings(tx, due);
    const place = placeOf({ ...due, takesLate: takeLate.includes(due.channel) }, siblings);
    if (place === 'superseded') return { place, why: 'what came after it has been said' };
    if (place === 'wait') return { place };
    const manner = manners[due.channel];
    // One that is tried again: what it says is fixed.
    if (due.transition === 'digest') return { place };
    const { counted, follows } = await this.judge(tx, due, manner);
    if (counted) return { place: 'counted' };
    if (living.includes(due.channel)) return this.shown(tx, { ...due, follows: follows ?? null });
    return due.lane === 'thread' || due.refresh ? { place: 'superseded', why: 'the channel does not edit any more' } : { place };
  }

  /** Of a message that is tried for the first time: whether it is one too many. */
  private async judge(tx: Queryable, { id, channel, notice, lane, judged, refresh, follows }: Due, manner: Manner | undefined): Promise<Pick<Fate, 'counted' | 'follows'>> {
    if (judged || refresh || lane === 'thread') return { ...UNCOUNTED, ...(follows !== null && { follows }) };
    const fate = await this.quiet.count(tx, channel, notice, manner);
    if (fate !== UNCOUNTED) await this.due.judge(tx, id, fate);
    return fate;
  }

  /** Which message of a channel that edits is meant. */
  private async shown(tx: Queryable, due: Due): Promise<Ready> {
    const found = await this.threads.find(tx, due);
    if (found === 'wait') return { place: 'wait' };
    if (due.lane === 'thread' && !found) return { place: 'superseded', why: 'the message is gone that it would have stood below' };
    if (due.refresh && !found) return { place: 'superseded', why: 'there is no message that could show it' };
    return { place: 'send', living: found };
  }
}
