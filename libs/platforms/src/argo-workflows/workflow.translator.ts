import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { correlationOf } from '../shared/correlation.js';
import { finishDrafts, type ObjectDraft } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { outcomeOfArgoWorkflow } from './outcomes.js';
import { COMMAND_ANNOTATION, argoWorkflow, type ArgoWorkflow } from './payload.js';

const typeOf = ({ status }: ArgoWorkflow): ObjectDraft['type'] => {
  if (outcomeOfArgoWorkflow(status?.phase, status?.message) !== undefined) return 'pipelinerun.finished';
  return status?.phase === 'Running' ? 'pipelinerun.started' : 'pipelinerun.queued';
};

const draftOf = (workflow: ArgoWorkflow, id: string, place: { repository: string; pipeline?: string; url?: string }): ObjectDraft => {
  const { status, metadata, spec } = workflow;
  const type = typeOf(workflow);
  const finished = type === 'pipelinerun.finished';
  const correlation = correlationOf(metadata?.annotations?.[COMMAND_ANNOTATION]);
  return {
    type,
    object: id,
    data: {
      repository: place.repository,
      ...present({
        pipeline: place.pipeline ?? spec?.workflowTemplateRef?.name, cause: correlation === undefined ? undefined : ('api' as const),
        run: present({ id, attempt: 1, url: place.url }), url: place.url, outcome: finished ? outcomeOfArgoWorkflow(status?.phase, status?.message) : undefined,
        startedAt: status?.startedAt, finishedAt: finished ? status?.finishedAt : undefined,
        occurredAt: finished ? status?.finishedAt : (status?.startedAt ?? metadata?.creationTimestamp),
        correlation, raw: present({ phase: status?.phase, message: status?.message }),
      }),
    },
  };
};

/**
 * Events from a workflow as Argo's API shows it; the same facts that an exit handler tells by hook. `repository` is the namespace, the id is
 * the workflow's name. Nothing for what is no workflow.
 */
export const argoWorkflowEvents = (answer: unknown, place: { repository: string; pipeline?: string; url?: string }, context: EventContext): TranslatedEvent[] => {
  const workflow = argoWorkflow(answer);
  const name = workflow?.metadata?.name;
  return name === undefined ? [] : finishDrafts([draftOf(workflow!, name, place)], context);
};
