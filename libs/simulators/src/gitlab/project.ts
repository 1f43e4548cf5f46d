/** A project the simulator knows. */
export interface GitlabProject {
  id: number;
  /** `group/sub/project`. */
  path: string;
  /** Branches and tags there are; default `main`, which is then the default branch too. */
  refs?: string[];
  /** Those of `refs` that are tags. */
  tags?: string[];
  /** Tokens that `trigger/pipeline` takes. */
  triggerTokens?: string[];
  /** Pipeline inputs that are declared (`spec: inputs`); absent = any is taken. */
  inputs?: string[];
  /** `ci_pipeline_variables_minimum_override_role` forbids variables: 400. */
  variablesForbidden?: boolean;
  /** Names of jobs that each of its pipelines has, to be played by hand. */
  manualJobs?: string[];
  /** Its pipelines do nothing but start others: trigger jobs are neither in hooks nor in the list of jobs. */
  triggerJobsOnly?: boolean;
  /** Numbers of merge requests and issues that can be commented on. */
  mergeRequests?: number[];
  issues?: number[];
}

/** By number or by path. */
export const findProject = (projects: readonly GitlabProject[], id: string): GitlabProject | undefined =>
  projects.find((project) => String(project.id) === id || project.path.toLowerCase() === id.toLowerCase());

export const refsOf = (project: GitlabProject): string[] => project.refs ?? ['main'];

/** `acme/shop` of `group/sub/project` split as GitLab names the parts. */
export const namesOf = (project: GitlabProject): { name: string; namespace: string } => ({
  name: project.path.split('/').at(-1)!,
  namespace: project.path.split('/').slice(0, -1).join('/'),
});
