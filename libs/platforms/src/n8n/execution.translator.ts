import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { finishDrafts, type ObjectDraft } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { outcomeOfN8n } from './outcomes.js';
import { n8nExecution, type N8nExecution } from './payload.js';

const draftOf = ({ status, startedAt, stoppedAt, mode }: N8nExecution, id: string, place: { repository: string; url?: string; correlation?: string }): ObjectDraft => {
  const outcome = outcomeOfN8n(status);
  return {
    type: outcome === undefined ? 'pipelinerun.started' : 'pipelinerun.finished',
    object: id,
    data: {
      repository: place.repository,
      ...present({
        run: present({ id, attempt: 1, url: place.url }), url: place.url, outcome, startedAt, finishedAt: outcome === undefined ? undefined : stoppedAt,
        occurredAt: outcome === undefined ? startedAt : stoppedAt, correlation: place.correlation, raw: present({ status, mode }),
      }),
    },
  };
};

/** Events from an execution as n8n's API shows it. `repository` is the workflow's id. Nothing for what is no execution. */
export const n8nExecutionEvents = (answer: unknown, place: { repository: string; url?: string; correlation?: string }, context: EventContext): TranslatedEvent[] => {
  const execution = n8nExecution(answer);
  return execution?.id === undefined || execution.status === undefined ? [] : finishDrafts([draftOf(execution, execution.id, place)], context);
};
