import { nameOfCommand } from '@stellwerk/contracts';
import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { correlationOf } from '../shared/correlation.js';
import { finishDrafts, type ObjectDraft } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { outcomeOfArgoCd } from './outcomes.js';
import { COMMAND_INFO, argoCdApplication, type ArgoCdApplication, type ArgoCdOperation } from './payload.js';

/** The command that ordered an operation; undefined when it was none of ours. */
export const commandOfOperation = (operation: ArgoCdOperation | undefined): string | undefined =>
  correlationOf(operation?.info?.find(({ name }) => name === COMMAND_INFO)?.value);

/** `namespace/name` of an application. */
export const applicationOf = ({ metadata }: ArgoCdApplication): string | undefined =>
  metadata?.name === undefined ? undefined : [metadata.namespace, metadata.name].filter(Boolean).join('/');

const draftOf = (application: ArgoCdApplication, repository: string, url: string | undefined): ObjectDraft | undefined => {
  const state = application.status?.operationState;
  const command = commandOfOperation(state?.operation);
  const id = command === undefined ? state?.startedAt : nameOfCommand(command);
  if (state?.phase === undefined || id === undefined) return undefined;
  const outcome = outcomeOfArgoCd(state.phase, state.message);
  return {
    type: outcome === undefined ? 'pipelinerun.started' : 'pipelinerun.finished',
    object: id,
    data: {
      repository,
      ...present({
        pipeline: application.metadata?.name, sha: state.syncResult?.revision, cause: command === undefined ? undefined : ('api' as const),
        actor: state.operation?.initiatedBy?.username, run: present({ id, attempt: 1, url }), url, outcome, startedAt: state.startedAt,
        finishedAt: outcome === undefined ? undefined : state.finishedAt, occurredAt: outcome === undefined ? state.startedAt : state.finishedAt,
        correlation: command,
        raw: present({ phase: state.phase, message: state.message, sync: application.status?.sync?.status, health: application.status?.health?.status }),
      }),
    },
  };
};

/**
 * Events from the last operation of an application as Argo CD's API shows it. An operation has no id: one of ours is known by the command in its
 * `info`, others by the time they began, as an application has one at a time. Nothing before it has begun.
 */
export const argoCdOperationEvents = (answer: unknown, url: string | undefined, context: EventContext): TranslatedEvent[] => {
  const application = argoCdApplication(answer);
  const repository = application && applicationOf(application);
  const draft = repository === undefined ? undefined : draftOf(application!, repository, url);
  return draft ? finishDrafts([draft], context) : [];
};
