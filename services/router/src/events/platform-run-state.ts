import { platformRunKey, platformRunKeyOfFact, readOutputs } from '@stellwerk/contracts';
import type { EventContext, PlatformRunState } from '@stellwerk/flows';

const PREDICATES = ['queued', 'started', 'finished'] as const;

/** What a pipelinerun event says about the platform's run; undefined for all other events. */
export const platformRunState = (event: EventContext): PlatformRunState | undefined => {
  const predicate = PREDICATES.find((candidate) => event.type === `pipelinerun.${candidate}`);
  if (!predicate) return undefined;
  const { run, outcome, jobsFinishedAt, correlation, outputs, raw } = event;
  return {
    key: platformRunKeyOfFact(event.fact), predicate, attempt: run?.attempt ?? 1, at: timeOf(event, predicate),
    ...(outcome && { outcome }), ...(jobsFinishedAt !== undefined && { jobsFinishedAt }), ...(correlation !== undefined && { correlation }),
    ...(predicate === 'finished' && outputsOf({ outputs, raw })),
    ...(run && { run: { id: run.id, ...(run.url !== undefined && { url: run.url }) } }),
  };
};

/** Read once more, as it is kept: whoever sent the event. */
const outputsOf = ({ outputs, raw }: Pick<EventContext, 'outputs' | 'raw'>): Pick<PlatformRunState, 'outputs' | 'outputsLeftOut'> => {
  const { outputs: read, leftOut = typeof raw?.outputs === 'string' ? raw.outputs : undefined } = readOutputs(outputs);
  return { ...(read && { outputs: read }), ...(leftOut !== undefined && { outputsLeftOut: leftOut }) };
};

const timeOf = (event: EventContext, predicate: PlatformRunState['predicate']): string =>
  (predicate === 'finished' ? event.finishedAt : predicate === 'started' ? event.startedAt : undefined) ?? event.occurredAt;

/** The instance an event comes from, as its fact begins; undefined when the fact names no object of a platform. */
export const originOfFact = ({ fact, repository, type }: EventContext): string | undefined => {
  if (repository === undefined) return undefined;
  const at = fact.lastIndexOf(`/${repository}/${type.split('.')[0]}/`);
  return at < 0 ? undefined : fact.slice(0, at);
};

/** The key of the platform's run an event speaks of or belongs to, e.g. the run a job is part of. */
export const runKeyOf = (event: EventContext): string | undefined => {
  const state = platformRunState(event);
  if (state) return state.key;
  const origin = originOfFact(event);
  return origin !== undefined && event.run ? platformRunKey(origin, event.repository!, event.run.id) : undefined;
};
