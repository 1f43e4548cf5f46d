import type { RepeatedRun } from '@stellwerk/contracts';
import type { EventContext, PlatformRunState } from '@stellwerk/flows';

/** What a command has set going again, and how far that is known to have come. */
export interface Repeats extends RepeatedRun {
  /** When the jobs of the first end since were over. What comes later is somebody else's doing. */
  ended?: string;
}

/** Hooks and APIs share no finer time. */
const second = (iso: string): number => Math.floor(Date.parse(iso) / 1_000);

const isLater = (one: string, other: string): boolean => second(one) > second(other);

/** What the fact of a run's event counts as its attempt: a number, or the end before. */
const attemptIn = (fact: string): string => fact.split('/').at(-2) ?? '';

const isAttempt = (text: string, after: string): boolean => !Number.isNaN(Date.parse(text)) && second(text) === second(after);

/** An end without the times of its jobs may be the same one told anew, so it always counts. */
const isOfEnd = (event: EventContext, after: string, ended: string | undefined): boolean =>
  isLater(event.finishedAt ?? event.occurredAt, after) && (ended === undefined || event.jobsFinishedAt === undefined || !isLater(event.jobsFinishedAt, ended));

/** Of a job, or of whatever else belongs to the run: by its own time. */
const isOfMember = (event: EventContext, after: string, ended: string | undefined): boolean => {
  const at = event.finishedAt ?? event.startedAt ?? event.occurredAt;
  return isLater(at, after) && (ended === undefined || !isLater(at, ended));
};

/**
 * Whether an event of the run goes back to the command that repeated it. With an attempt, all of that attempt and nothing else. Without one,
 * what came after the end that was there before, up to the next one; where even that is not known, whatever comes.
 */
export const goesBackTo = ({ attempt, after, ended }: Repeats, event: EventContext): boolean => {
  if (attempt !== undefined) return event.run?.attempt === attempt;
  if (after === undefined) return true;
  if (event.type === 'pipelinerun.finished') return isOfEnd(event, after, ended);
  // How far a run has come is told with the times of its first attempt; its fact alone names the end before it.
  if (event.type.startsWith('pipelinerun.')) return ended === undefined || isAttempt(attemptIn(event.fact), after);
  return isOfMember(event, after, ended);
};

/** With the end that it came to, if the state is one: the earliest, in whatever order ends are told. Undefined when nothing is new. */
export const withEnd = (repeats: Repeats, { predicate, jobsFinishedAt: end }: Pick<PlatformRunState, 'predicate' | 'jobsFinishedAt'>): Repeats | undefined => {
  const { after, ended } = repeats;
  if (predicate !== 'finished' || end === undefined || after === undefined || !isLater(end, after)) return undefined;
  return ended === undefined || isLater(ended, end) ? { ...repeats, ended: end } : undefined;
};
