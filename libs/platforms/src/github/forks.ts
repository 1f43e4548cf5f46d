import type { GithubWorkflowRun } from './payload.js';

interface Place {
  readonly id?: string;
  readonly full_name?: string;
}

/** By id where both have one: a name can be renamed away. */
const isElsewhere = (head: Place, own: Place): boolean =>
  head.id !== undefined && own.id !== undefined
    ? head.id !== own.id
    : head.full_name?.toLowerCase() !== own.full_name?.toLowerCase();

/**
 * True when a commit comes from another repository. GitHub sends `null` for a head whose repository was deleted, which
 * only a fork's can be while ours still exists: it counts as a fork, since guessing wrong the other way deploys a stranger's code.
 */
export const isFork = (head: Place | null | undefined, own: Place | null | undefined): boolean | undefined => {
  if (head === null) return true;
  if (!head || !own) return undefined;
  return isElsewhere(head, own);
};

/** Of a workflow run: its head repository, else the head of its pull request. */
export const isForkRun = (run: GithubWorkflowRun, repository: Place): boolean | undefined => {
  const pull = run.pull_requests?.[0];
  return isFork(run.head_repository, repository) ?? isFork(pull?.head?.repo, pull?.base?.repo);
};
