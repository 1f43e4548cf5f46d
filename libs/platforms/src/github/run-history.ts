import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { finishDrafts } from '../shared/drafts.js';
import type { GithubWorkflowRun } from './payload.js';
import { byStatus, draftOf, shownRun, type RunPredicate } from './workflow-run.translator.js';

/** Words of an ended run of which a job was at work. */
const WORKED: readonly string[] = ['success', 'failure', 'neutral', 'timed_out'];
/** Words of a run that may have ended, or may stand still, before any job was: only its jobs tell. */
const MAY_HAVE_WORKED: readonly string[] = ['cancelled', 'stale', 'waiting'];

/** Whether the attempt that is shown has begun to work, for which `in_progress` was sent; undefined: its jobs have to be looked at. */
export const githubRunHasBegun = (run: unknown): boolean | undefined => {
  const { status, conclusion } = shownRun(run, '')?.read ?? {};
  const word = status === 'completed' ? (conclusion ?? '') : (status ?? '');
  if (MAY_HAVE_WORKED.includes(word)) return undefined;
  return word === 'in_progress' || WORKED.includes(word);
};

/** As the run stood when that was told. */
const atThat = (run: GithubWorkflowRun, predicate: RunPredicate): GithubWorkflowRun =>
  predicate === 'finished' ? run : { ...run, status: predicate === 'queued' ? 'queued' : 'in_progress', conclusion: undefined };

/**
 * All that hooks told of the attempt that is shown, in order, from the run as a list has it later: `requested`, `in_progress` where it
 * has `begun`, `completed` where it has ended. The same facts as the hooks', and the same fields but for these:
 * `change` and `base` are of the changes that are open by now; `raw.status` is `queued` of what was asked for, whatever the hook's word;
 * a title, a workflow's name or a repository's that was changed since is the new one.
 */
export const githubRunHistory = (run: unknown, repository: string, context: EventContext, begun: boolean): TranslatedEvent[] => {
  const shown = shownRun(run, repository);
  if (!shown) return [];
  const { read, place } = shown;
  const predicates: RunPredicate[] = ['queued', ...(begun ? (['started'] as const) : []), ...(byStatus(read.status) === 'finished' ? (['finished'] as const) : [])];
  return predicates.flatMap((predicate) => {
    const draft = draftOf(atThat(read, predicate), place, predicate);
    return draft ? finishDrafts([draft], context) : [];
  });
};
