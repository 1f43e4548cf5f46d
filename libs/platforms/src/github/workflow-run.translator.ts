import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { correlationWithin } from '../shared/correlation.js';
import { finishDrafts, ignored, type DraftData, type ObjectDraft, type Told } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { isForkRun } from './forks.js';
import { causeOfGithub, outcomeOfGithub } from './outcomes.js';
import { workflowRun, type GithubBody, type GithubWorkflowRun } from './payload.js';

export type RunPredicate = 'queued' | 'started' | 'finished';

const BY_ACTION: Readonly<Record<string, RunPredicate>> = { requested: 'queued', in_progress: 'started', completed: 'finished' };

/** An API answer has no action; GitHub has several words for a run that waits. */
export const byStatus = (status: string | undefined): RunPredicate | undefined => {
  if (status === undefined) return undefined;
  if (status === 'completed') return 'finished';
  return status === 'in_progress' ? 'started' : 'queued';
};

interface Place {
  readonly id?: string;
  readonly full_name: string;
}

/** `.github/workflows/ci.yml@refs/heads/main` → `.github/workflows/ci.yml`. */
const fileOf = (path: string | undefined): string | undefined => path?.split('@', 1)[0] || undefined;

const timesOf = (run: GithubWorkflowRun, predicate: RunPredicate): DraftData => {
  const begun = run.run_started_at ?? run.created_at;
  if (predicate === 'queued') return { occurredAt: run.created_at };
  if (predicate === 'started') return { startedAt: begun, occurredAt: begun ?? run.updated_at };
  return { startedAt: begun, finishedAt: run.updated_at, occurredAt: run.updated_at };
};

/** Of a release's run GitHub writes the tag where else the branch stands. */
const refOf = (run: GithubWorkflowRun): DraftData =>
  run.event === 'release' ? { tag: run.head_branch } : { branch: run.head_branch };

const changeOf = (run: GithubWorkflowRun): DraftData => {
  const pull = run.pull_requests?.[0];
  return pull?.number === undefined ? {} : { change: { number: pull.number }, base: pull.base?.ref };
};

/** A dispatched run's title is its `run-name`; any other title is a stranger's text. A repository dispatch may start several, which all show its id. */
const startedBy = (run: GithubWorkflowRun): DraftData => {
  if (run.event === 'repository_dispatch') return { causedBy: correlationWithin(run.display_title) };
  return run.event === 'workflow_dispatch' ? { correlation: correlationWithin(run.display_title) } : {};
};

const dataOf = (run: GithubWorkflowRun, id: string, repository: Place, predicate: RunPredicate): ObjectDraft['data'] =>
  present({
    repository: repository.full_name,
    ...refOf(run),
    sha: run.head_sha,
    ...changeOf(run),
    pipeline: run.name,
    pipelineFile: fileOf(run.path),
    run: present({ id, attempt: run.run_attempt ?? 1, number: run.run_number, url: run.html_url }),
    outcome: predicate === 'finished' ? outcomeOfGithub(run.conclusion) : undefined,
    cause: causeOfGithub(run.event),
    fork: isForkRun(run, repository),
    actor: run.triggering_actor?.login ?? run.actor?.login,
    title: run.display_title,
    url: run.html_url,
    ...timesOf(run, predicate),
    ...startedBy(run),
    raw: present({ status: run.status, conclusion: run.conclusion, event: run.event }),
  });

export const draftOf = (run: GithubWorkflowRun, repository: Place, predicate: RunPredicate | undefined): ObjectDraft | undefined => {
  if (run.id === undefined || predicate === undefined) return undefined;
  const data = dataOf(run, run.id, repository, predicate);
  return { type: `pipelinerun.${predicate}`, object: run.id, attempt: run.run_attempt ?? 1, data };
};

/** The hook `workflow_run`: the action is trusted, the fields only fill in. */
export const translateWorkflowRun = (body: GithubBody, repository: Place): Told => {
  const predicate = body.action !== undefined && Object.hasOwn(BY_ACTION, body.action) ? BY_ACTION[body.action] : undefined;
  if (!predicate) return ignored('action not used');
  const run = { ...body.workflow_run, name: body.workflow_run?.name ?? body.workflow?.name, path: body.workflow_run?.path ?? body.workflow?.path };
  const draft = draftOf(run, repository, predicate);
  return draft ? [draft] : ignored('workflow run without an id');
};

/**
 * A run as GitHub's REST API shows it, and where it belongs; undefined when it is not readable.
 * `repository` (`owner/name`) is taken in the spelling of the answer where that has it: facts must not differ by case.
 */
export const shownRun = (run: unknown, repository: string): { read: GithubWorkflowRun; place: Place } | undefined => {
  const read = workflowRun(run);
  if (!read) return undefined;
  const own = read.repository?.full_name?.toLowerCase() === repository.toLowerCase() ? read.repository : undefined;
  return { read, place: { ...own, full_name: own?.full_name ?? repository } };
};

/** The same events from a run as GitHub's REST API shows it; none when it is not readable. */
export const githubRunEvents = (run: unknown, repository: string, context: EventContext): TranslatedEvent[] => {
  const shown = shownRun(run, repository);
  const draft = shown && draftOf(shown.read, shown.place, byStatus(shown.read.status));
  return draft ? finishDrafts([draft], context) : [];
};
