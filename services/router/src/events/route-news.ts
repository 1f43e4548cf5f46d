import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { GroupedWork, StoreAwayError, failpoint, isolated, togetherOrApart } from '@stellwerk/service-kit';
import { FinishNews } from './finish-news.js';
import { MatchFlows } from './match-flows.js';
import { eventOf, requestedFlow, type MatchedNews, type News } from './news.js';
import { PlanNews } from './plan-news.js';

/** As many as one replica handles at a time (`router-events` has 64 slots). */
const AT_ONCE = 64;

/** A group that is committed. */
interface Routed {
  published: Promise<void>;
}

/**
 * What follows from messages: moved runs, new runs, their commands. All that arrive while a group is at work are the
 * next group: one transaction and a handful of statements for all of them (ADR 10). What fails, fails alone.
 */
@Injectable()
export class RouteNews {
  readonly #groups = new GroupedWork<News, Routed>(
    togetherOrApart((news) => isolated(undefined, () => this.#together(news)), (error) => !(error instanceof StoreAwayError)), { max: AT_ONCE });

  constructor(
    private readonly database: Database,
    private readonly match: MatchFlows,
    private readonly plan: PlanNews,
    private readonly finish: FinishNews,
  ) {}

  /** Resolves when all that follows is committed and published. */
  async run(news: News): Promise<void> {
    const { published } = await this.#groups.run(news);
    await published;
  }

  async #together(news: readonly News[]): Promise<Routed[]> {
    const matches = await this.match.run(news.map(eventOf), news.map(requestedFlow));
    const matched: MatchedNews[] = news.map((item, at) => ({ ...item, matches: matches[at]! }));
    const outcome = await this.database.transaction((tx) => this.plan.run(tx, matched));
    failpoint('router.after-commit');
    // The next group need not wait for the broker; everybody of this one does.
    const published = this.finish.run(outcome);
    published.catch(() => undefined);
    return news.map(() => ({ published }));
  }
}
