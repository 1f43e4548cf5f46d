/** A workflow file of a repository. */
export interface GithubWorkflow {
  /** As in `name:`. */
  name: string;
  /** Inputs of `workflow_dispatch`; absent = the workflow has no such trigger. Others are answered with 422. */
  inputs?: string[];
  /** Those of `inputs` without which GitHub refuses. */
  required?: string[];
  /** `run-name:`; `${{ inputs.X }}` is filled in. So a run can echo our id. */
  runName?: string;
}

export interface GithubRepository {
  /** By file name below `.github/workflows`. */
  workflows: Record<string, GithubWorkflow>;
  /** Branches and tags there are; default `main`. Others are answered with 422. */
  refs?: string[];
  /** Branches on which commit and dispatch may happen; the first is the default branch. */
  defaultBranch?: string;
}

export type GithubCatalog = Record<string, GithubRepository>;

/** `run-name` with its inputs filled in; undefined when the workflow has none. */
export const runTitle = (workflow: GithubWorkflow, inputs: Record<string, unknown>): string | undefined =>
  workflow.runName?.replace(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (_all, name: string) => String(inputs[name] ?? ''));
