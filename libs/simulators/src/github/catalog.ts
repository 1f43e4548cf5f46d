/** A workflow file of a repository. */
export interface GithubWorkflow {
  /** As in `name:`. */
  name: string;
  /** Inputs of `workflow_dispatch`; absent = the workflow has no such trigger. Others are answered with 422. */
  inputs?: string[];
  /** Those of `inputs` without which GitHub refuses. */
  required?: string[];
  /** `run-name:`; `${{ inputs.X }}` and `${{ github.event.client_payload.X }}` are filled in. So a run can echo our id. */
  runName?: string;
  /** Types of `repository_dispatch` that start it; true = any. Absent: it has no such trigger. */
  repositoryDispatch?: string[] | true;
}

export interface GithubRepository {
  /** By file name below `.github/workflows`. */
  workflows: Record<string, GithubWorkflow>;
  /** Branches and tags there are; default `main`. Others are answered with 422. */
  refs?: string[];
  /** Branches on which commit and dispatch may happen; the first is the default branch. */
  defaultBranch?: string;
  /** Branches that lack commits of the default branch: a deployment with `auto_merge` merges these first. */
  behind?: string[];
  /** Branches that cannot be merged with the default branch. */
  conflicting?: string[];
  /** Issues and changes are numbered up to this; default 1,000. */
  issues?: number;
}

export type GithubCatalog = Record<string, GithubRepository>;

/** `run-name` with what started the run filled in; undefined when the workflow has none. */
export const runTitle = (workflow: GithubWorkflow, given: Record<string, unknown>): string | undefined =>
  workflow.runName?.replace(/\$\{\{\s*(?:inputs|github\.event\.client_payload)\.([\w-]+)\s*\}\}/g, (_all, name: string) => String(given[name] ?? ''));
