import { awaitedBy, type AwaitedEvent, type EventContext, type Found } from '@stellwerk/flows';
import { joinIdOf } from '../joins/take-parts.js';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { Cause } from '../runs/move-run.js';
import { needs, type Needs } from '../work/gather-work.js';
import { followedKey, type Verdict } from './apply-trigger-result.js';
import { platformRunState, runKeyOf } from './platform-run-state.js';
import type { Heard } from './read-event.js';

/** One message of EVENTS that is to be routed. */
export interface News {
  heard: Exclude<Heard, { kind: 'other' }>;
  /** What the inbox knows it by. */
  takenAs: string;
  /** Its place in the stream. */
  sequence: number;
  cause: Cause;
  /** The span under which its decisions belong. */
  span: TraceHeaders;
}

/** With what it means to flows. */
export interface MatchedNews extends News {
  matches: Found;
}

type PlatformNews = MatchedNews & { heard: { kind: 'platform'; event: EventContext } };

const isPlatform = (news: MatchedNews): news is PlatformNews => news.heard.kind === 'platform';

/** The flow that a person wants to start. */
export const requestedFlow = ({ heard }: News): string | undefined => (heard.kind === 'request' ? heard.request.flow : undefined);

export const eventOf = ({ heard }: News): EventContext | undefined => (heard.kind === 'platform' ? heard.event : undefined);

/** Answers first: what they settle, the events that came with them need not be held for. */
export const inOrder = (news: readonly MatchedNews[]): MatchedNews[] => [...news.filter((item) => !isPlatform(item)), ...news.filter(isPlatform)];

export const mayStart = ({ starts, parts }: Found): boolean => starts.length + parts.length > 0;

/** Events that may start a flow. */
export const startingEvents = (news: readonly MatchedNews[]): EventContext[] =>
  news.filter(isPlatform).filter(({ matches }) => mayStart(matches)).map(({ heard }) => heard.event);

/** What runs will wait for that the event may start; of a join, where it is the last part. */
export const awaitedIf = (event: EventContext, { starts, parts }: Found): AwaitedEvent[] => [...starts, ...parts].flatMap(({ flow }) => awaitedBy(flow, event));

const SETTLING: ReadonlySet<Verdict> = new Set(['accepted', 'rejected']);

/** Ids of commands that the news settle. */
export const settledBy = (news: readonly MatchedNews[]): string[] =>
  news.flatMap(({ heard }) => (heard.kind === 'answer' && SETTLING.has(heard.verdict) ? [heard.result.command] : []));

/** What has to be at hand to decide about them. */
export const needsOf = (news: readonly MatchedNews[]): Needs => {
  const all = needs();
  for (const item of news) {
    if (isPlatform(item)) platformNeeds(all, item);
    else if (item.heard.kind === 'answer') answerNeeds(all, item.heard);
    else if (item.heard.kind === 'request') all.awaited.push(...awaitedIf(item.heard.event, item.matches));
  }
  return all;
};

const answerNeeds = (all: Needs, { verdict, result }: Extract<Heard, { kind: 'answer' }>): void => {
  all.runs.push(result.run);
  all.commands.push(result.command);
  const key = followedKey(verdict, result);
  if (key !== undefined) all.platformRuns.push(key);
  if (result.repeats) all.platformRuns.push(result.repeats.key);
};

const platformNeeds = (all: Needs, { heard: { event }, matches }: PlatformNews): void => {
  all.events.push(event);
  all.awaited.push(...awaitedIf(event, matches));
  const state = platformRunState(event);
  if (state) all.platformRuns.push(state.key);
  if (!state && !mayStart(matches)) return;
  all.joins.push(...matches.parts.map(joinIdOf));
  all.commands.push(...[event.correlation, event.causedBy].filter((id) => id !== undefined));
  const key = runKeyOf(event);
  if (!state && key !== undefined) all.started.push(key);
};
