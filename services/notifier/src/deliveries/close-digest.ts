import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { failpoint } from '@stellwerk/service-kit';
import { digestOf, gatherMore, NOTHING_YET, type Gathering } from '../plan/gather.js';
import type { Manner } from '../plan/repeats.js';
import type { Claim } from './claim.js';
import { DigestsRepository, type DueDigest } from './digests.repository.js';
import { DueRepository } from './due.repository.js';
import { QuietRepository } from './quiet.repository.js';

/** 8,000 in one transaction took 10 s, for which nothing else could be put into a digest of that channel. */
const PAGE = 500;

/**
 * Closes a digest page by page, a transaction each: what a page brings is counted, marked as gathered, and merged into what the digest says so
 * far. Killed within a page, nothing of it has happened; killed between two, whoever comes next goes on.
 */
@Injectable()
export class CloseDigest {
  constructor(
    private readonly digests: DigestsRepository,
    private readonly due: DueRepository,
    private readonly quiet: QuietRepository,
  ) {}

  /** The next page of a digest whose time is over; with the last one the digest is to be sent, if there is anything to say. */
  async claim(tx: Queryable, manners: Readonly<Record<string, Manner | undefined>>): Promise<Claim | undefined> {
    const due = await this.digests.due(tx);
    if (!due) return undefined;
    const { gathering, isLast } = await this.page(tx, due, manners[due.channel]);
    failpoint('notifier.before-page');
    if (!isLast) {
      await this.digests.goOn(tx, due.id, gathering);
      return { place: 'page' };
    }
    const notice = digestOf(gathering, due.run);
    if (!notice) {
      await this.due.supersede(tx, due.id, 'what was gathered in it has been said otherwise');
      return { place: 'superseded', delivery: due };
    }
    await this.digests.write(tx, due.id, notice);
    return { place: 'send', delivery: await this.due.begin(tx, { id: due.id, lane: 'message' }) };
  }

  private async page(tx: Queryable, { id, channel, notice: before }: DueDigest, manner: Manner | undefined): Promise<{ gathering: Gathering; isLast: boolean }> {
    const page = await this.digests.nextPage(tx, id, PAGE);
    const notices = page.flatMap(({ notice, known }) => (known ? [] : [notice]));
    const fates = await this.quiet.countAll(tx, channel, notices, manner && { ...manner, living: false });
    const judged = notices.map((notice, at) => ({ notice, fate: fates[at]! }));
    return { gathering: gatherMore(before.shown ? before : NOTHING_YET, judged), isLast: page.length < PAGE };
  }
}
