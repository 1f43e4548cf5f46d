import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { correlationOf } from '../shared/correlation.js';
import { finishDrafts, type ObjectDraft } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { outcomeOfPrefect } from './outcomes.js';
import { prefectFlowRun, type PrefectFlowRun } from './payload.js';

/** Not begun yet, or not again. */
const WAITING = new Set(['SCHEDULED', 'PENDING']);

const typeOf = ({ state_type: state, state_name: name, start_time: started }: PrefectFlowRun): ObjectDraft['type'] => {
  if (outcomeOfPrefect(state, name) !== undefined) return 'pipelinerun.finished';
  return WAITING.has(state ?? '') && started === undefined ? 'pipelinerun.queued' : 'pipelinerun.started';
};

const draftOf = (run: PrefectFlowRun, id: string, place: { repository: string; url?: string }): ObjectDraft => {
  const type = typeOf(run);
  const finished = type === 'pipelinerun.finished';
  const correlation = correlationOf(run.idempotency_key);
  const endedAt = run.end_time ?? run.state?.timestamp;
  return {
    type,
    object: id,
    data: {
      repository: place.repository,
      ...present({
        pipeline: place.repository.split('/')[0], title: run.name, cause: correlation === undefined ? undefined : ('api' as const),
        run: present({ id, attempt: 1, url: place.url }), url: place.url, outcome: finished ? outcomeOfPrefect(run.state_type, run.state_name) : undefined,
        startedAt: run.start_time, finishedAt: finished ? endedAt : undefined, occurredAt: finished ? endedAt : (run.start_time ?? run.expected_start_time),
        correlation, raw: present({ state: run.state_type, name: run.state_name }),
      }),
    },
  };
};

/**
 * Events from a flow run as Prefect's API shows it; the same facts that its automations tell by hook. `repository` is `flow/deployment`.
 * Nothing for what is no flow run.
 */
export const prefectFlowRunEvents = (answer: unknown, place: { repository: string; url?: string }, context: EventContext): TranslatedEvent[] => {
  const run = prefectFlowRun(answer);
  return run?.id === undefined || run.state_type === undefined ? [] : finishDrafts([draftOf(run, run.id, place)], context);
};
