import { Injectable } from '@nestjs/common';
import { GroupedWork } from '@stellwerk/service-kit';
import { Fenced, LaneBusy } from '../calls/call.errors.js';
import { ClaimsRepository, type Mark } from './claims.repository.js';

const MOST_AT_ONCE = 64;

/** Commits "sent" for dispatches that were claimed from the table: those of one moment by one statement. */
@Injectable()
export class SendMarks {
  readonly #together: GroupedWork<Mark, boolean>;

  constructor(private readonly claims: ClaimsRepository) {
    this.#together = new GroupedWork(async (marks) => {
      const marked = await claims.markSent(marks);
      return marks.map(({ dispatch }) => ({ status: 'fulfilled', value: marked.has(dispatch.commandId) }));
    }, { max: MOST_AT_ONCE, atOnce: 2 });
  }

  /** @throws Fenced when the dispatch is not ours any more, LaneBusy when it had to be alone and is not */
  async mark(mark: Mark, { exclusive }: { exclusive: boolean }): Promise<void> {
    const marked = exclusive ? await this.claims.markAlone(mark) : (await this.#together.run(mark)) ? 'marked' : 'fenced';
    if (marked === 'busy') throw new LaneBusy();
    if (marked === 'fenced') throw new Fenced();
  }
}
